import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'

/** What the connection under a request knows; Remix's Request does not carry it. */
export interface Connection {
  /** The client's address: the socket's, or a trusted proxy's word. */
  address: string
  requestId: string
  /** The Origin header as it came. */
  origin: string | null
  /** What was found out once for this request, however many loaders ask (each gets a Request of its own). */
  found: Map<string, unknown>
  /** How many statements were asked of the database for it so far. */
  statements: number
  /** Node's own answer: what streams wait for. */
  response: ServerResponse
}

/** Entered for each request by `http/server-hooks.server.ts`. */
export const connections = new AsyncLocalStorage<Connection>()

export const clientAddress = (): string => connections.getStore()?.address ?? 'unknown'

/** Asks once a request. */
export function oncePerRequest<T>(name: string, ask: () => Promise<T>): Promise<T> {
  const found = connections.getStore()?.found
  if (!found) return ask()
  if (!found.has(name)) found.set(name, ask())
  return found.get(name) as Promise<T>
}

/** Told by the database, in the context of the request that asks; what no request asks for is nobody's. */
export function countStatements(count: number) {
  const connection = connections.getStore()
  if (connection) connection.statements += count
}

/** The Origin header of this request: kept here, because Remix would answer a foreign one with a bare 500. */
export const requestOrigin = (): string | null => connections.getStore()?.origin ?? null
