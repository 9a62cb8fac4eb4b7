import { randomUUID } from 'node:crypto'
import diagnostics from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import ipaddr from 'ipaddr.js'
import type { Environment } from '~/environment.server'
import { type Connection, connections } from './client-address.server'
import { logger } from './log.server'
import { findPressedFiles, takePressed } from './pressed-files.server'
import { earlyRefusal, guardServer } from './request-gate.server'

interface RequestStart {
  request: IncomingMessage
  response: ServerResponse
  server: Server
}

/** Until a page's own policy replaces it: files and JSON need nothing. */
const strictPolicy = "default-src 'none'; frame-ancestors 'none'"

/**
 * What remix-serve has no place for, hung onto Node's own HTTP events: headers on every answer (static files
 * included), the client's address, the access log, and timeouts.
 */
export function hookServer(environment: Environment, onServer: (server: Server) => void) {
  const known = new WeakSet<Server>()
  const pressed = findPressedFiles(join(process.cwd(), 'build', 'client'))
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as RequestStart
    if (!known.has(server)) {
      known.add(server)
      // a slow or silent client must not hold a socket for ever; streams write heartbeats
      server.headersTimeout = 20_000
      server.requestTimeout = 60_000
      server.keepAliveTimeout = 10_000
      guardServer(server, (asked) => earlyRefusal(asked, environment))
      onServer(server)
    }
    const requestId = randomUUID().slice(0, 8)
    const address = addressOf(request, environment.TRUST_PROXY)
    warnOfUntrustedProxy(request, environment.TRUST_PROXY)
    const origin = takeHeader(request, 'origin')
    const connection: Connection = {
      ...{ address, requestId, origin, response, found: new Map(), statements: 0, reads: null },
    }
    connections.enterWith(connection)
    tidyHost(request, environment)
    tidyTarget(request)
    addHeaders(response, environment, requestId)
    logWhenDone(request, response, connection)
    takePressed(request, response, pressed)
  })
}

/** Out of Remix's sight: its own check compares it with the Host that a proxy may have changed, and answers 500. */
function takeHeader(request: IncomingMessage, name: 'origin'): string | null {
  const value = request.headers[name] ?? null
  delete request.headers[name]
  return value
}

/** Remix makes its URLs from these headers. HTTP/1.0 may come without a Host; HTTP/1.1 may not, and Node refuses it. */
function tidyHost(request: IncomingMessage, environment: Environment) {
  delete request.headers['x-forwarded-host']
  if (request.headers.host === undefined && request.httpVersion === '1.0')
    request.headers.host = new URL(environment.APP_ORIGIN).host
}

/**
 * Express and Remix answer some targets with bare error pages or lines in the log: a path that can't be decoded and a
 * whole URL in place of one become a path that is not there, and `_data`, which single fetch has no use for, goes.
 */
function tidyTarget(request: IncomingMessage) {
  const target = request.url ?? '/'
  const path = target.split('?')[0] ?? ''
  if (!target.startsWith('/') || !isDecodable(path)) {
    request.url = path.startsWith('/api/') ? '/api/undecodable' : '/undecodable'
  }
  if (/[?&]_data(=|&|$)/.test(request.url ?? ''))
    request.url = withoutParameter(request.url as string, '_data')
}

function withoutParameter(target: string, name: string): string {
  const at = target.indexOf('?')
  const kept = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => pair.split('=')[0] !== name)
  return target.slice(0, at) + (kept.length > 0 ? `?${kept.join('&')}` : '')
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    return false
  }
}

function addHeaders(response: ServerResponse, environment: Environment, requestId: string) {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  response.setHeader('X-Request-Id', requestId)
  if (environment.APP_ORIGIN.startsWith('https:')) {
    const subdomains = environment.HSTS_INCLUDE_SUBDOMAINS ? '; includeSubDomains' : ''
    response.setHeader('Strict-Transport-Security', `max-age=31536000${subdomains}`)
  }
  // Remix appends its headers, so a default set now would stand beside a page's own
  const writeHead = response.writeHead
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (!this.hasHeader('Content-Security-Policy')) this.setHeader('Content-Security-Policy', strictPolicy)
    if (!this.hasHeader('Cache-Control')) this.setHeader('Cache-Control', 'no-store')
    return Reflect.apply(writeHead, this, args) as ServerResponse
  } as typeof writeHead
}

function logWhenDone(request: IncomingMessage, response: ServerResponse, connection: Connection) {
  const startedAt = performance.now()
  const { method } = request
  const path = (request.url ?? '').split('?')[0]
  response.once('finish', () => {
    // a refused body that nobody read would hold the connection: let the rest of it go by (requestTimeout bounds it)
    if (!request.complete) request.removeAllListeners('data').resume()
  })
  response.once('close', () => {
    // a connection that is kept open holds its last request
    connection.reads = null
    const { requestId, address, statements } = connection
    const line = {
      requestId,
      method,
      path,
      status: response.statusCode,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      statements,
      address,
    }
    // a database that is away has a line of its own
    if (response.statusCode >= 500 && response.statusCode !== 503) logger().error(line, 'request')
    else if (isSuspicious(response.statusCode, request)) logger().info(line, 'request')
    else logger().debug(line, 'request')
  })
}

/** Refusals that an operator looks for: foreign forms, limits, and credentials that are wrong. */
const isSuspicious = (status: number, request: IncomingMessage) =>
  status === 403 || status === 429 || (status === 401 && request.headers.authorization !== undefined)

/** The last address in X-Forwarded-For that is not one of our proxies, believed only from our proxies. */
export function addressOf(request: IncomingMessage, trusted: string[] | undefined): string {
  const socket = plain(request.socket.remoteAddress ?? 'unknown')
  if (!trusted || !isTrusted(socket, trusted)) return socket
  const hops = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => plain(hop.trim()))
    .filter((hop) => ipaddr.isValid(hop))
  return hops.findLast((hop) => !isTrusted(hop, trusted)) ?? hops[0] ?? socket
}

/** `::ffff:127.0.0.1` is 127.0.0.1, and the port that some proxies append (`192.0.2.7:4711`, `[::1]:4711`) is none of it. */
function plain(given: string): string {
  const address = /^\[([^\]]+)\](?::\d+)?$/.exec(given)?.[1] ?? /^([\d.]+):\d+$/.exec(given)?.[1] ?? given
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
}

let hasWarned = false

/** Behind a proxy that is not trusted everyone seems to come from one address, and shares its limits. */
function warnOfUntrustedProxy(request: IncomingMessage, trusted: string[] = []) {
  const proxy = plain(request.socket.remoteAddress ?? 'unknown')
  if (hasWarned || request.headers['x-forwarded-for'] === undefined || isTrusted(proxy, trusted)) return
  hasWarned = true
  logger().warn(
    { proxy },
    'X-Forwarded-For came from an address that TRUST_PROXY does not name, so it is ignored. If this is your proxy, set TRUST_PROXY.',
  )
}

function isTrusted(address: string, trusted: string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return trusted.some((each) => {
    if (each === 'loopback') return parsed.range() === 'loopback'
    const [range, bits] = each.includes('/')
      ? ipaddr.parseCIDR(each)
      : ([ipaddr.process(each), null] as const)
    if (range.kind() !== parsed.kind()) return false
    return parsed.match(range, bits ?? (parsed.kind() === 'ipv4' ? 32 : 128))
  })
}
