import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { createReadableStreamFromReadable, type EntryContext } from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { boot } from './boot.server'
import { houseIsOpen } from './http/desk.server'
import { logger } from './http/log.server'
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

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64')
  // the whole page at once: it is small, nothing in it is deferred, and a late error still gets its status
  return new Promise((resolve, reject) => {
    let failed = false
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={context} url={request.url} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        [isbot(request.headers.get('user-agent')) ? 'onAllReady' : 'onShellReady']() {
          const body = new PassThrough()
          headers.set('Content-Type', 'text/html; charset=utf-8')
          headers.set('Content-Security-Policy', policy(nonce))
          if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store')
          resolve(
            new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }),
          )
          pipe(body)
        },
        onShellError: reject,
        onError(error: unknown) {
          failed = true
          if (!request.signal.aborted)
            logger().error({ error: error instanceof Error ? error.stack : 'unknown' }, 'render')
        },
      },
    )
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}

/** Remix tells of errors that no wrapper caught. A wrong address or a request that the client broke off is none. */
export function handleError(error: unknown, { request }: { request: Request }) {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  logger().error({ error: error instanceof Error ? error.stack : 'unknown' }, 'unhandled')
}
