import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import mono from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import type { EntryContext } from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { renderToPipeableStream } from 'react-dom/server'
import { boot } from './boot.server'
import { houseIsOpen } from './http/desk.server'
import { logger } from './http/log.server'
import { logFailure } from './http/log-failure.server'
import { NonceContext } from './ui/nonce'

// the server does not listen before this is through; in development the module loads again, the house stays
if (!houseIsOpen()) await boot()

/** Milliseconds until a page that does not get done is cut off. */
export const streamTimeout = 5_000

/** Vite's own scripts and styles in development keep to no policy. */
const policy = (nonce: string) =>
  import.meta.env.DEV
    ? "frame-ancestors 'none'"
    : [
        "default-src 'none'",
        `script-src 'self' 'nonce-${nonce}'`,
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; ')

const preload = (url: string) => `<${url}>; rel=preload; as=font; type="font/woff2"; crossorigin`

/**
 * The fonts that a page shows for certain: without this the browser finds them late, in the styles, and words move. A job
 * has its id and what it made in the second one. As a header it costs a page's script nothing.
 */
function fontsOf({ staticHandlerContext: { matches } }: EntryContext) {
  const isJob = matches.some(({ route }) => /\bjobs\/detail$/.test(route.id))
  return (isJob ? [inter, mono] : [inter]).map(preload).join(', ')
}

/** When a refused form can be tried again. Remix drops the headers of a route's answer where the route exports none. */
function retryAfterOf({ staticHandlerContext: { actionHeaders, loaderHeaders } }: EntryContext) {
  const all = [...Object.values(actionHeaders), ...Object.values(loaderHeaders)]
  return all.map((each) => each.get('Retry-After')).find((each) => each !== null)
}

/**
 * The whole page as one piece: it is small and nothing in it is deferred. remix-serve flushes its compressor after each
 * piece that it is given, and many small ones would make three times the bytes.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64')
  return new Promise((resolve, reject) => {
    let failed = false
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={context} url={request.url} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        // no part of it comes later by script
        progressiveChunkSize: Number.POSITIVE_INFINITY,
        onAllReady() {
          clearTimeout(tooLate)
          headers.set('Content-Type', 'text/html; charset=utf-8')
          headers.set('Content-Security-Policy', policy(nonce))
          headers.set('Link', fontsOf(context))
          const wait = retryAfterOf(context)
          if (wait) headers.set('Retry-After', wait)
          if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store')
          pipe(whole((page) => resolve(new Response(page, { headers, status: failed ? 500 : status }))))
        },
        onShellError: reject,
        onError(error: unknown) {
          failed = true
          if (!request.signal.aborted)
            logger().error({ error: error instanceof Error ? error.stack : 'unknown' }, 'render')
        },
      },
    )
    const tooLate = setTimeout(abort, streamTimeout + 1000).unref()
  })
}

/** Takes all that is written to it, and then hands it over. */
function whole(done: (all: Buffer<ArrayBuffer>) => void): Writable {
  const pieces: Buffer[] = []
  return new Writable({
    write(piece: Buffer, _encoding, next) {
      pieces.push(piece)
      next()
    },
    final(end) {
      done(Buffer.concat(pieces))
      end()
    },
  })
}

/** Remix tells of errors that no wrapper caught. A wrong address or a request that the client broke off is none. */
export function handleError(error: unknown, { request }: { request: Request }) {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  logFailure('unhandled', error instanceof Error ? error : 'unknown')
}
