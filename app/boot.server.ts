import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Database, openDatabase, pathOf } from '~db/client.server'
import { checkAfterCrash, checkInBackground, damaged } from '~db/crash-check.server'
import { CannotStart, isUnavailable } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { hostOf, migrationSentence, unavailableSentence } from '~db/unavailable-sentence'
import { adapters } from './dispatch/adapters'
import { Dispatcher } from './dispatch/dispatcher.server'
import { Scheduler } from './dispatch/scheduler.server'
import { ensureAdmin, setupLink } from './domain/accounts/setup.server'
import { takeDailyBackup } from './domain/backup-daily.server'
import { applyStagedRestore, recordRestore, removeUnfinished } from './domain/backups.server'
import { BatchRunner } from './domain/batches/runner.server'
import type { Desk } from './domain/desk'
import { sweepExpired } from './domain/housekeeping.server'
import { Feed } from './domain/jobs/feed.server'
import type { RetentionRunner } from './domain/retention/runner.server'
import { type Environment, readEnvironment } from './environment.server'
import { countStatements, sharedReads } from './http/client-address.server'
import { openHouse } from './http/desk.server'
import { logger } from './http/log.server'
import { logFailure, nameDatabase } from './http/log-failure.server'
import { stopWhenSuperseded } from './http/newer-version.server'
import { OpenRequests } from './http/open-requests.server'
import { hookServer } from './http/server-hooks.server'
import { startRetention } from './http/start-retention.server'
import { dropRemixServeLines } from './http/stdout.server'
import { endStreams } from './http/stream.server'
import { watchHealth } from './http/watch-health.server'

/** How long a stop may take before the process ends anyway, in milliseconds. */
const stopWithinMs = 8_000
/** While it stops: how long a request may send nothing before it is whole. */
const stalledMs = 1_000
const housekeepingMs = 10 * 60_000
const failedBackupPauseMs = 60 * 60_000
/** How long a process whose database file is gone goes on saying so. */
const lostNoticeMs = 2_000

/** What works beside requests and agents. */
type Loop = BatchRunner | Scheduler | RetentionRunner

/** Everything between the process's start and the first request. Ends the process with a sentence where it can't. */
export async function boot(): Promise<void> {
  try {
    const environment = readEnvironment()
    await start(environment).catch((error: unknown) => {
      throw isUnavailable(error) ? new CannotStart(unavailableSentence(serverOf(environment), error)) : error
    })
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    process.stderr.write(`Docket can't start.\n${error.message}\n`)
    process.exit(1)
  }
}

const serverOf = ({ DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken }: Environment) => ({ url, authToken })

async function start(environment: Environment) {
  assertSharedSecret(environment)
  sayWhyItEnds(environment)
  if (import.meta.env.PROD) await assertFreePort(environment)
  const restored = await restoreIfStaged(environment)
  const crashCheck = await checkIfCrashed(environment)
  const onWait = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const db = await openDatabase({ ...serverOf(environment), onWait })
  nameDatabase(db.path ?? hostOf(environment.DATABASE_URL))
  if (db.path) removeUnfinished(db.path)
  await migrate(db, { onWait }).catch((error: unknown) => {
    throw isUnavailable(error) ? new CannotStart(migrationSentence(serverOf(environment), error)) : error
  })
  db.onStatements(countStatements)
  db.shareReads(sharedReads)
  const secret = sessionSecret(environment)
  const desk: Desk = { db, now: Date.now, secret, maxResultBytes: environment.MAX_RESULT_BYTES }
  if (restored) await recordRestore(desk, restored.restored, restored.replaced)
  const feed = new Feed({ desk, onError: (error) => logFailure('feed', error) })
  openHouse({ desk, feed, environment, sessionSecret: secret })
  if (environment.ADMIN_EMAIL && environment.ADMIN_PASSWORD) {
    await ensureAdmin(desk, { email: environment.ADMIN_EMAIL, password: environment.ADMIN_PASSWORD })
  }
  const dispatcher = await startDispatcher(desk, environment)
  const batches = startBatches(desk)
  const scheduler = startScheduler(desk)
  const retention = startRetention(desk)
  const servers = new Map<Server, OpenRequests>()
  hookServer(environment, (server) => void servers.set(server, new OpenRequests(server)))
  keepHouse(desk)
  backUpDaily(desk, environment)
  watchHealth(db)
  stopOnSignal(db, dispatcher, [batches, scheduler, retention], servers)
  endWhenLost(db, [dispatcher, batches, scheduler, retention])
  stopWhenSuperseded(db, [dispatcher, batches, scheduler, retention])
  const greeting = await greetingFor(desk, environment)
  const greet = () => void process.stdout.write(greeting)
  dropRemixServeLines(greet)
  if (crashCheck === 'unfinished') goOnChecking(db)
  // Vite's own server says nothing that could be waited for
  if (import.meta.env.DEV) greet()
}

/** remix-serve listens by itself: an address that can't be had comes back as an uncaught error. */
function sayWhyItEnds({ HOST, PORT }: Environment) {
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'listen') process.stderr.write(`${cannotListen(HOST, PORT, error)}\n`)
    else logger().fatal({ error: error.stack }, 'uncaught')
    process.exit(1)
  })
}

/** Asked before the database is touched; it may still be taken until remix-serve listens, which says so too. */
function assertFreePort({ HOST, PORT }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotStart(cannotListen(HOST, PORT, error))),
    )
    probe.listen(PORT, HOST, () => probe.close(() => resolve()))
  })
}

function cannotListen(host: string, port: number, { code }: NodeJS.ErrnoException): string {
  const why = code === 'EADDRINUSE' ? 'something else listens there' : code
  return `Docket can't listen on ${host}:${port}: ${why}. Set PORT or HOST to another one.`
}

async function restoreIfStaged({ DATABASE_URL }: Environment) {
  if (!DATABASE_URL.startsWith('file:')) return null
  const done = await applyStagedRestore(pathOf(DATABASE_URL))
  if (done) logger().info(done, 'restored a backup')
  return done
}

async function checkIfCrashed({ DATABASE_URL }: Environment) {
  return DATABASE_URL.startsWith('file:') ? checkAfterCrash(pathOf(DATABASE_URL)) : 'done'
}

/** The start does not wait for a check of a large database. */
function goOnChecking(db: Database) {
  const byHand = 'stop Docket and run: npm run admin -- check'
  logger().warn('Docket was not stopped cleanly. The database is being checked in the background')
  checkInBackground(db).then(
    (checked) => {
      if (!checked) logger().warn(`the disk has no room to check the database; ${byHand}`)
      else if (checked.problem) {
        logger().fatal(damaged(db.path ?? '', checked.problem))
        db.reportDamage(checked.problem)
      } else logger().info('the database was checked and is whole')
    },
    (error: unknown) => logger().warn({ error: said(error) }, `the check did not finish; ${byHand}`),
  )
}

/** Processes that each made a secret of their own would refuse one another's sessions. */
function assertSharedSecret({ DATABASE_URL, SESSION_SECRET }: Environment) {
  if (DATABASE_URL.startsWith('file:') || SESSION_SECRET) return
  throw new CannotStart(
    'SESSION_SECRET is required when DATABASE_URL is a libSQL server: every process that shares it signs cookies with the same one. Set it to at least 32 random characters, such as the output of: openssl rand -base64 32',
  )
}

function sessionSecret({ SESSION_SECRET, DATABASE_URL }: Environment): string {
  if (SESSION_SECRET) return SESSION_SECRET
  const file = join(dirname(pathOf(DATABASE_URL)), 'session-secret')
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (kept.length >= 32) return kept
  const secret = randomBytes(32).toString('base64url')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${secret}\n`, { mode: 0o600 })
  return secret
}

async function startDispatcher(desk: Desk, environment: Environment): Promise<Dispatcher> {
  const folder = desk.db.path ? dirname(desk.db.path) : join(tmpdir(), `docket-${environment.PORT}`)
  const dispatcher = new Dispatcher({
    desk,
    adapters,
    workRoot: join(folder, 'work'),
    ownsDatabase: desk.db.path !== null,
    onError: (error) => logFailure('dispatcher', error),
  })
  await dispatcher.start()
  return dispatcher
}

function startBatches(desk: Desk): BatchRunner {
  const batches = new BatchRunner({
    desk,
    onError: (error) => logFailure('batches', error),
  })
  batches.start()
  return batches
}

function startScheduler(desk: Desk): Scheduler {
  const scheduler = new Scheduler({
    desk,
    onError: (error) => logFailure('scheduler', error),
  })
  scheduler.start()
  return scheduler
}

const said = (error: unknown) => (error instanceof Error ? error.stack : error)

/** Expired sessions, keys and links go, now and then. */
function keepHouse(desk: Desk) {
  const sweep = () => void sweepExpired(desk).catch((error: unknown) => logFailure('housekeeping', error))
  setInterval(sweep, housekeepingMs).unref()
}

/** The first one comes some minutes after the start, so that a process that restarts over and over takes none. */
function backUpDaily(desk: Desk, { BACKUPS, BACKUPS_KEPT }: Environment) {
  if (BACKUPS === 'off' || !desk.db.path) return
  let pausedUntil = 0
  const look = () => {
    if (desk.now() < pausedUntil) return
    takeDailyBackup(desk, BACKUPS_KEPT).then(
      (taken) => taken && logger().info({ name: taken.name, size: taken.size }, 'daily backup'),
      (error: unknown) => {
        pausedUntil = desk.now() + failedBackupPauseMs
        logger().warn({ error: String(error) }, 'the daily backup was not taken')
      },
    )
  }
  setInterval(look, housekeepingMs).unref()
}

/**
 * remix-serve stops listening on a signal and waits for open connections; running attempts are given back meanwhile,
 * and the file is let go when the last answer is out.
 */
function stopOnSignal(
  db: Database,
  dispatcher: Dispatcher,
  loops: Loop[],
  servers: Map<Server, OpenRequests>,
) {
  let stopping = false
  const stop = async (signal: string) => {
    // a second signal means now
    if (stopping) process.exit(1)
    stopping = true
    logger().info({ signal, running: dispatcher.runningCount }, 'stopping')
    setTimeout(() => process.exit(0), stopWithinMs).unref()
    const closed = [...servers].map(([server, requests]) => whenClosed(server, requests))
    endStreams()
    const stopped = [dispatcher, ...loops].map((each) => each.stop())
    await Promise.all(stopped).catch((error: unknown) => logFailure('stop', error))
    await Promise.all(closed)
    await db.release().catch(() => undefined)
    db.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

/**
 * The file was removed, replaced or moved: agents end, and so does the process. For a moment it still answers, so that
 * people and health checks learn why.
 */
function endWhenLost(db: Database, loops: (Dispatcher | Loop)[]) {
  db.onLost((lost) => {
    logger().fatal({ path: lost.path, rescued: lost.rescued }, 'the database file is gone')
    process.stderr.write(`${lost.message}\n`)
    endStreams()
    const stopped = Promise.allSettled(loops.map((each) => each.stop()))
    setTimeout(() => process.exit(1), stopWithinMs)
    setTimeout(() => void stopped.then(() => process.exit(1)), lostNoticeMs)
  })
}

/**
 * A connection that is kept alive but idle would hold up the close until it times out, and so would one whose request has
 * come in half.
 */
function whenClosed(server: Server, requests: OpenRequests): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const stalled = setInterval(() => requests.endStalled(), stalledMs)
    server.once('close', () => {
      clearInterval(idle)
      clearInterval(stalled)
      resolve()
    })
  })
}

async function greetingFor(desk: Desk, { APP_ORIGIN }: Environment): Promise<string> {
  const link = await setupLink(desk, APP_ORIGIN)
  if (!link) return `Docket is at ${APP_ORIGIN}\n`
  return `\nDocket is at ${APP_ORIGIN}\n\n  No account yet. Open this link once to make the first one:\n  ${link}\n\n`
}
