import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import ipaddr from 'ipaddr.js'
import type { Environment } from '~/environment.server'

/** What is answered before Remix sees the request. */
export interface EarlyRefusal {
  status: 400 | 405 | 421
  title: string
  detail: string
  headers?: Record<string, string>
}

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const healthPaths = ['/healthz', '/readyz']

/**
 * Why a request goes no further: a method that no route has, or a Host that this Docket is not served under. The second
 * is what DNS rebinding needs: a foreign name that leads to this machine.
 *
 * @returns null if Remix may answer it
 */
export function earlyRefusal(
  { method = '', headers, url = '/' }: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
  { APP_ORIGIN, ALLOWED_HOSTS }: Pick<Environment, 'APP_ORIGIN' | 'ALLOWED_HOSTS'>,
): EarlyRefusal | null {
  if (!knownMethods.includes(method)) {
    return {
      status: 405,
      title: 'Method not allowed',
      detail: `${method} is not supported.`,
      headers: { Allow: knownMethods.join(', ') },
    }
  }
  const { host } = headers
  // without one HTTP/1.1 is refused by Node, and HTTP/1.0 needs none
  if (host === undefined || healthPaths.includes(url.split('?')[0] ?? '')) return null
  const name = hostnameOf(host)
  if (name === null)
    return { status: 400, title: 'Bad request', detail: 'The Host header is not a host name.' }
  const isAllowed = isLocal(name) || name === new URL(APP_ORIGIN).hostname || ALLOWED_HOSTS?.includes(name)
  if (isAllowed) return null
  return {
    status: 421,
    title: 'Misdirected request',
    detail: `Docket is not served under ${name}. If it should be, set APP_ORIGIN or ALLOWED_HOSTS.`,
  }
}

/** In lower case and without the port; null if it is not a host name. IPv6 addresses keep their brackets, as in a URL. */
function hostnameOf(host: string): string | null {
  if (/[\s/\\?#@]/.test(host) || !URL.canParse(`http://${host}`)) return null
  return new URL(`http://${host}`).hostname
}

const isLocal = (name: string) =>
  name === 'localhost' || name.endsWith('.localhost') || ipaddr.isValid(name.replace(/^\[|\]$/g, ''))

/**
 * Puts a function before everything that answers requests of this server.
 * @param refusalFor called once a request; what it returns is the answer
 */
export function guardServer(server: Server, refusalFor: (request: IncomingMessage) => EarlyRefusal | null) {
  const listeners = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalFor(request)
    if (refusal) answer(refusal, request, response)
    else for (const listener of listeners) Reflect.apply(listener, server, [request, response])
  })
}

function answer(refusal: EarlyRefusal, request: IncomingMessage, response: ServerResponse) {
  const { status, title, detail, headers } = refusal
  const forPerson = String(request.headers.accept ?? '').includes('text/html')
  response.writeHead(status, {
    ...headers,
    'Content-Type': forPerson ? 'text/plain; charset=utf-8' : 'application/problem+json',
    'Cache-Control': 'no-store',
  })
  response.end(forPerson ? `${detail}\n` : JSON.stringify({ type: 'about:blank', title, status, detail }))
}
