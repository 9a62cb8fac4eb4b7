import { type Client, createClient } from '@libsql/client'

/** How long a libSQL server may take to answer a request, counted from sending it. In milliseconds. */
export interface Deadlines {
  readMs: number
  writeMs: number
  /** Shorter than a lease: a claim whose answer comes later has little of it left. */
  claimMs: number
  /** Renewals of leases, and probes. */
  urgentMs: number
  /** Migrations and copies of whole databases. */
  longMs: number
}

const defaults: Deadlines = {
  readMs: 8_000,
  writeMs: 12_000,
  claimMs: 5_000,
  urgentMs: 2_000,
  longMs: 5 * 60_000,
}

/**
 * Clients of one libSQL server, one for each deadline. Each has 20 requests on their way at most, so what hangs in one
 * never holds up another.
 */
export interface ServerClients {
  reads: Client
  writes: Client
  claims: Client
  urgent: Client
  long: Client
}

/** @throws {LibsqlError} for an address that is none. Nothing is sent yet. */
export function createServerClients(
  url: string,
  authToken: string | undefined,
  deadlines: Partial<Deadlines> = {},
): ServerClients {
  const { readMs, writeMs, claimMs, urgentMs, longMs } = { ...defaults, ...deadlines }
  const within = (ms: number) => createClient({ url, authToken, intMode: 'number', fetch: fetchWithin(ms) })
  return {
    reads: within(readMs),
    writes: within(writeMs),
    claims: within(claimMs),
    urgent: within(urgentMs),
    long: within(longMs),
  }
}

export function closeAll(clients: ServerClients) {
  for (const client of Object.values(clients) as Client[]) client.close()
}

/**
 * The deadline also ends an answer that has begun and does not go on. The global `fetch` is looked up at each call:
 * remix-serve puts other globals in place after the start, and its `fetch` takes no `Request` of another one.
 */
function fetchWithin(ms: number): typeof globalThis.fetch {
  return (request, init) => globalThis.fetch(request, { ...init, signal: AbortSignal.timeout(ms) })
}
