import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Database from 'libsql'
import { type HranaError, StatementError, toHranaError } from './hrana-errors'
import { FaultBox, type Faults } from './hrana-faults'
import { type Effect, parseStatement } from './hrana-grammar'
import {
  type AnswerRoom,
  type Connection,
  describeStatement,
  execute,
  executeSequence,
  type HranaStatement,
  maxAnswerBytes,
} from './hrana-statements'
import { isOnRealServer } from './on-real-server'
import { startForwarder } from './real-server'

export type HranaOptions = {
  /** Path of the database file; made where there is none. */
  file: string
  /** Where given, each request must carry it as its bearer token. */
  authToken?: string
  /** `OFF` does not wait for the disk at each commit; `FULL` unless told. */
  synchronous?: 'OFF' | 'FULL'
  /** A port to come back on; else a free one. */
  port?: number
  /** Its clock, milliseconds since 1970 UTC; else the real one. */
  now?: () => number
}

export type HranaServer = Faults & {
  /** For `DATABASE_URL`, or `createClient({ url })`. */
  url: string
  port: number
  /** Pipelines answered so far. */
  requests(): number
  /**
   * The next `count` pipelines (or of those whose JSON matches) are executed and committed, but the connection is cut
   * instead of an answer: to the client a transport error, after which it cannot know what became of its writes.
   */
  dropNextResponse(count?: number, matching?: RegExp): void
  /** Cuts all connections and stops; what streams had begun is rolled back. The file can be opened again after it. */
  close(): Promise<void>
}

type Condition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'and' | 'or'; conds: Condition[] }
  | { type: 'is_autocommit' }

type Step = { condition?: Condition | null; stmt: HranaStatement }

type Request =
  | { type: 'execute'; stmt: HranaStatement }
  | { type: 'batch'; batch: { steps: Step[] } }
  | { type: 'sequence' | 'describe'; sql?: string; sql_id?: number }
  | { type: 'store_sql'; sql_id: number; sql: string }
  | { type: 'close_sql'; sql_id: number }
  | { type: 'close' | 'get_autocommit' }

type Pipeline = { baton?: string | null; requests?: Request[] }

type Stream = { connection: Connection; sqls: Map<number, string>; expiry?: NodeJS.Timeout; closed: boolean }

/** A stream that holds a transaction and is not heard of for so long is rolled back, as a libSQL server does. */
const STREAM_IDLE_MS = 10_000

/**
 * A libSQL server for tests: the public Hrana 2 and 3 protocols over HTTP in JSON, on a real libSQL file.
 * `@libsql/client` talks to it as to any other server. It refuses what a real one refuses (hrana-grammar.ts, sizes), with
 * the same codes and words, and tests can make it fail as real ones do ({@link Faults}). With `npm run test:server` it is a
 * way to a real one.
 *
 * Source: https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md and HRANA_3_SPEC.md. Each stream has a
 * connection to itself. All of them share this one thread, so that a stream which waits inside SQLite for another one's
 * transaction would wait for ever: `WriteLock` lets writers in one at a time instead.
 */
export async function startHranaServer(options: HranaOptions): Promise<HranaServer> {
  if (isOnRealServer) return startForwarder(options)
  const { file, authToken, synchronous = 'FULL', port = 0, now } = options
  const keeper = new Database(file)
  keeper.exec('PRAGMA journal_mode=WAL')
  const lock = new WriteLock()
  const open = new Set<Stream>()
  const idle: Connection[] = []
  const byBaton = new Map<string, Stream>()
  const drops: (RegExp | undefined)[] = []
  const faults = new FaultBox(() => new Database(file))
  let served = 0
  let isClosed = false

  function openStream(): Stream {
    const stream = { connection: idle.pop() ?? connect(), sqls: new Map(), closed: false }
    open.add(stream)
    return stream
  }

  function connect(): Connection {
    const connection = new Database(file)
    connection.exec(`PRAGMA synchronous=${synchronous}`)
    return connection
  }

  function closeStream(stream: Stream) {
    if (stream.closed) return
    stream.closed = true
    open.delete(stream)
    clearTimeout(stream.expiry)
    if (stream.connection.inTransaction) stream.connection.exec('ROLLBACK')
    // the next stream's: a new connection reads the whole schema first
    stream.connection.exec('PRAGMA foreign_keys=ON')
    idle.push(stream.connection)
    lock.release(stream)
  }

  /** Takes the stream out, so that a baton works once; Hrana gives a new one with each answer. */
  function takeStream(baton: string | null | undefined) {
    if (!baton) return openStream()
    const stream = byBaton.get(baton)
    byBaton.delete(baton)
    clearTimeout(stream?.expiry)
    return stream
  }

  function keepStream(stream: Stream) {
    const baton = randomUUID()
    byBaton.set(baton, stream)
    stream.expiry = setTimeout(() => {
      byBaton.delete(baton)
      closeStream(stream)
    }, STREAM_IDLE_MS).unref()
    return baton
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const path = request.url ?? ''
    const body = await text(request)
    await faults.arrive()
    if (isClosed) return
    if (authToken && request.headers.authorization !== `Bearer ${authToken}`) {
      return respond(response, 401, { error: 'Unauthorized: `Expected authorization header but none given`' })
    }
    // Not v3-protobuf: a client that asks for it learns to speak JSON
    if (request.method === 'GET' && /^\/v[23]$/.test(path)) return respond(response, 200, {})
    if (request.method !== 'POST' || !/^\/v[23]\/pipeline$/.test(path)) {
      return respond(response, 404, { message: 'Not found', code: 'NOT_FOUND' })
    }
    const pipeline = JSON.parse(body) as Pipeline
    const stream = takeStream(pipeline.baton)
    if (!stream) {
      return respond(response, 400, {
        message: 'The stream has expired due to inactivity',
        code: 'STREAM_EXPIRED',
      })
    }
    const results = []
    for (const one of pipeline.requests ?? []) {
      results.push(
        await perform(stream, one).then(
          (result) => ({ type: 'ok', response: { type: one.type, ...result } }),
          (error) => ({ type: 'error', error: toHranaError(error) }),
        ),
      )
    }
    const baton = stream.closed ? null : keepStream(stream)
    served += 1
    const dropped = drops.findIndex((pattern) => !pattern || pattern.test(body))
    if (dropped >= 0) {
      drops.splice(dropped, 1)
      request.socket.destroy()
      return
    }
    respond(response, 200, { baton, base_url: null, results })
  }

  async function perform(stream: Stream, request: Request): Promise<object> {
    if (request.type === 'close') {
      closeStream(stream)
      return {}
    }
    requireOpen(stream)
    switch (request.type) {
      case 'execute':
        return { result: await run(stream, request.stmt) }
      case 'batch':
        return { result: await runBatch(stream, request.batch.steps) }
      case 'sequence': {
        const sql = sqlOf(stream, request)
        faults.assertNotBlocked(aWrite)
        await exclusively(stream, aWrite, () => executeSequence(stream.connection, sql))
        return {}
      }
      case 'describe':
        return { result: describeStatement(stream.connection, sqlOf(stream, request)) }
      case 'store_sql':
        stream.sqls.set(request.sql_id, request.sql)
        return {}
      case 'close_sql':
        stream.sqls.delete(request.sql_id)
        return {}
      case 'get_autocommit':
        return { is_autocommit: !stream.connection.inTransaction }
    }
  }

  async function run(stream: Stream, statement: HranaStatement, room?: AnswerRoom) {
    const sql = sqlOf(stream, statement)
    const parsed = parseStatement(sql)
    faults.assertNotBlocked(parsed)
    const replica =
      parsed.isRead && !parsed.isTransaction && !stream.connection.inTransaction && faults.replica()
    if (replica) return execute(replica, atItsTime(sql), statement, room)
    return exclusively(stream, parsed, () => execute(stream.connection, atItsTime(sql), statement, room))
  }

  /** SQLite has only the clock of the machine. */
  function atItsTime(sql: string) {
    return now ? sql.replaceAll("unixepoch('now', 'subsec')", `(${now()} / 1000.0)`) : sql
  }

  async function runBatch(stream: Stream, steps: Step[]) {
    // a statement that can't be parsed takes the whole batch with it
    for (const { stmt } of steps) parseStatement(sqlOf(stream, stmt))
    const replica = replicaFor(stream, steps)
    const room = { bytes: maxAnswerBytes }
    const results: (object | null)[] = []
    const errors: (HranaError | null)[] = []
    const holds = (condition: Condition): boolean => {
      switch (condition.type) {
        case 'ok':
          return Boolean(results[condition.step])
        case 'error':
          return Boolean(errors[condition.step])
        case 'not':
          return !holds(condition.cond)
        case 'and':
          return condition.conds.every(holds)
        case 'or':
          return condition.conds.some(holds)
        case 'is_autocommit':
          return !replica && !stream.connection.inTransaction
      }
    }
    for (const { condition, stmt } of steps) {
      let result: object | null = null
      let error: HranaError | null = null
      if (!condition || holds(condition)) {
        try {
          result = replica
            ? readStep(replica, sqlOf(stream, stmt), stmt, room)
            : await run(stream, stmt, room)
        } catch (caught) {
          if (caught instanceof StatementError && caught.code === 'RESPONSE_TOO_LARGE') throw caught
          error = toHranaError(caught)
        }
      }
      results.push(result)
      errors.push(error)
    }
    return { step_results: results, step_errors: errors }
  }

  /** A replica answers a batch without any write by itself, even where it begins as one that writes. */
  function replicaFor(stream: Stream, steps: Step[]) {
    if (stream.connection.inTransaction) return undefined
    const parsed = steps.map(({ stmt }) => parseStatement(sqlOf(stream, stmt)))
    return parsed.every(({ isRead, isTransaction }) => isRead || isTransaction) ? faults.replica() : undefined
  }

  /** On a replica each connection is in its snapshot's transaction already. */
  function readStep(replica: Connection, sql: string, statement: HranaStatement, room: AnswerRoom) {
    const parsed = parseStatement(sql)
    faults.assertNotBlocked(parsed)
    if (!parsed.isTransaction) return execute(replica, atItsTime(sql), statement, room)
    return { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null }
  }

  /** Waits until no other stream is in a transaction, works, and lets others in unless it has begun one itself. */
  async function exclusively<T>(stream: Stream, { isRead }: Effect, work: () => T): Promise<T> {
    if (isRead) return work()
    await lock.acquire(stream)
    try {
      requireOpen(stream)
      return work()
    } finally {
      if (stream.closed || !stream.connection.inTransaction) lock.release(stream)
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => respond(response, 500, toHranaError(error)))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests: () => served,
    dropNextResponse(count = 1, matching) {
      for (let n = 0; n < count; n++) drops.push(matching)
    },
    block: (reason, what) => faults.block(reason, what),
    unblock: () => faults.unblock(),
    hang: () => faults.hang(),
    resume: () => faults.resume(),
    held: () => faults.held(),
    delay: (ms) => faults.delay(ms),
    behind: (ms) => faults.behind(ms),
    async close() {
      isClosed = true
      faults.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      for (const stream of open) closeStream(stream)
      for (const connection of idle) connection.close()
      keeper.close()
    },
  }
}

const aWrite: Effect = { isRead: false, isTransaction: false }

function requireOpen(stream: Stream) {
  if (stream.closed) throw new StatementError('STREAM_CLOSED', 'The stream is closed')
}

function sqlOf(stream: Stream, { sql, sql_id: id }: { sql?: string; sql_id?: number }) {
  const found = sql ?? (id === undefined ? undefined : stream.sqls.get(id))
  if (found === undefined) throw new StatementError('SQL_NOT_FOUND', `SQL text ${id} not found`)
  return found
}

function respond(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Held by the stream that writes or has a transaction open; others queue in order. */
class WriteLock {
  #holder: object | undefined
  #waiting: (() => void)[] = []

  async acquire(who: object) {
    if (this.#holder === who) return
    while (this.#holder) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#holder = who
  }

  release(who: object) {
    if (this.#holder !== who) return
    this.#holder = undefined
    this.#waiting.shift()?.()
  }
}
