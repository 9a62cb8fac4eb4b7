import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import type { ResultSet } from '@libsql/client'

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
  /** What a page's loaders have read so far, each statement once; null where nothing is shared. */
  reads: Map<string, Promise<ResultSet>> | null
  /** Node's own answer: what streams wait for. */
  response: ServerResponse
}

/** Entered for each request by `http/server-hooks.server.ts`. */
export const connections = new AsyncLocalStorage<Connection>()

export const clientAddress = (): string => connections.getStore()?.address ?? 'unknown'

/** Asks once a request: what the first of its loaders found holds for all. */
export function oncePerRequest<T>(name: string, ask: () => T): T {
  const found = connections.getStore()?.found
  if (!found) return ask()
  if (!found.has(name)) found.set(name, ask())
  return found.get(name) as T
}

/** Told by the database, in the context of the request that asks; what no request asks for is nobody's. */
export function countStatements(count: number) {
  const connection = connections.getStore()
  if (connection) connection.statements += count
}

/**
 * From now on the same read is asked of the database once for this request, where it is one that changes nothing: the
 * loaders that answer a form's POST are given a GET of their own, and must see what its action did.
 */
export function shareReads() {
  const connection = connections.getStore()
  if (connection?.response.req.method === 'GET') connection.reads ??= new Map()
}

/** Told to the database. */
export const sharedReads = () => connections.getStore()?.reads ?? null

/** The Origin header of this request: kept here, because Remix would answer a foreign one with a bare 500. */
export const requestOrigin = (): string | null => connections.getStore()?.origin ?? null
