import { setTimeout as wait } from 'node:timers/promises'
import { CannotStart, type ErrorKind, readError } from './errors'
import { closeAll, createServerClients, type Deadlines, type ServerClients } from './server-clients.server'
import { hostOf, unavailableSentence } from './unavailable-sentence'

export interface ConnectOptions {
  /** `libsql://`, `https://` or `http://`. */
  url: string
  authToken?: string
  deadlines?: Partial<Deadlines>
  /** How long to wait for a server that is not up or whose name does not resolve yet, in milliseconds. */
  serverWaitMs?: number
  /** Told once, with a sentence, when it begins to wait. */
  onWait?(sentence: string): void
}

/** What passes when a server comes up. In a container network its name does not resolve before that. */
const comesUp = new Set<ErrorKind>(['unknown-host', 'refused', 'unreachable', 'overloaded', 'busy'])
const pauseMs = 250

/** @throws {CannotStart} with a sentence that says why the server can't be used */
export async function connectServer(options: ConnectOptions): Promise<ServerClients> {
  const { url, authToken, serverWaitMs = 30_000, onWait } = options
  const clients = clientsFor(options)
  const deadline = performance.now() + serverWaitMs
  for (let isFirst = true; ; isFirst = false) {
    try {
      await clients.urgent.execute('SELECT 1')
      return clients
    } catch (error) {
      const left = deadline - performance.now()
      if (!comesUp.has(readError(error).kind) || left <= 0) {
        closeAll(clients)
        throw new CannotStart(unavailableSentence({ url, authToken }, error))
      }
      if (isFirst && serverWaitMs > pauseMs) {
        onWait?.(`Waiting up to ${serverWaitMs / 1000} s for the libSQL server at ${hostOf(url)}.`)
      }
      await wait(Math.min(pauseMs, left))
    }
  }
}

function clientsFor({ url, authToken, deadlines }: ConnectOptions): ServerClients {
  try {
    return createServerClients(url, authToken, deadlines)
  } catch (error) {
    // the client refuses an address that it can't use before it sends anything
    throw new CannotStart(`DATABASE_URL is not the address of a libSQL server: ${codeOf(error)}.`)
  }
}

const codeOf = (error: unknown) => readError(error).code ?? 'not a URL'
