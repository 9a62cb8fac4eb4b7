import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { assertServerTakes } from './hrana-grammar'
import { closeForwarder, databaseUrl } from './real-server'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const BUILD = 'build/server/index.js'
const START_MS = 20_000
/** Docket promises to exit within 10 s of SIGTERM. */
const STOP_MS = 12_000

/** Who `admin: true` makes at the first start. */
export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' }

export type ServerOptions = {
  /** On top of the defaults; `undefined` takes one away. */
  env?: Record<string, string | undefined>
  /** The folder of an earlier server, to start on its database; else one of its own, removed by `dispose()`. */
  dataDir?: string
  /** Make the first admin unattended, see `ADMIN`. */
  admin?: boolean
  /** Milliseconds until `/healthz` has to answer; 20,000 unless told. */
  startMs?: number
}

export type TestServer = {
  origin: string
  port: number
  pid: number
  dataDir: string
  /** All it has written so far, stdout and stderr as they came. */
  output(): string
  /** Resolves with the first match of what it wrote or will write; rejects when it exits without. */
  outputMatching(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code when it has ended by itself or otherwise; null after a signal. */
  exited: Promise<number | null>
  /** SIGTERM; resolves with the exit code. Rejects (and kills) when it takes longer than 12 s. */
  stop(): Promise<number | null>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /**
   * Kills what still runs and removes the data folder, unless that was handed in. @throws where it ran a statement that a
   * libSQL server refuses
   */
  dispose(): Promise<void>
}

/**
 * Starts the built server as `npm start` does, on a free port and with its own data folder, and waits until it answers.
 * @throws Error with all it wrote, where it exits early or is not there in time
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  if (!existsSync(join(ROOT, BUILD))) throw new Error(`No ${BUILD}: run \`npm run build\` first.`)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort(), options)
    } catch (error) {
      // The port was free a moment ago, but others look for ports too
      if (attempt === 3 || !String(error).includes('EADDRINUSE')) throw error
    }
  }
}

/** A port nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (!address || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function startOn(port: number, options: ServerOptions): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'docket-'))
  const origin = `http://127.0.0.1:${port}`
  const database = join(dataDir, 'docket.db')
  const statements = join(tmpdir(), `docket-statements-${randomUUID()}`)
  writeFileSync(statements, '')
  const child = spawn(
    process.execPath,
    [
      ...['--import', './scripts/environment.mjs', '--import', './tests/support/record-statements.mjs'],
      'node_modules/@remix-run/serve/dist/cli.js',
      `./${BUILD}`,
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inherited(),
        ENV_FILE: '',
        NODE_ENV: 'production',
        PORT: String(port),
        HOST: '127.0.0.1',
        APP_ORIGIN: origin,
        ...(!options.env?.DATABASE_URL && { DATABASE_URL: await databaseUrl(database) }),
        SESSION_SECRET: 'a secret that only tests know, long enough',
        SIGNUP: 'open',
        RECORD_NEW_STATEMENTS: statements,
        ...(options.admin && { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password }),
        ...options.env,
      },
    },
  )
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  const orphan = () => child.kill('SIGKILL')
  process.once('exit', orphan)
  void exited.then(() => process.off('exit', orphan))

  const written = collect(child)
  const server: TestServer = {
    origin,
    port,
    pid: child.pid ?? 0,
    dataDir,
    output: written.text,
    exited,
    outputMatching: (pattern) => written.matching(pattern, exited),
    stop: () => stop(child, exited, written.text),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async dispose() {
      await server.kill()
      const prepared = existsSync(statements) ? readFileSync(statements, 'utf8').split('\n') : []
      rmSync(statements, { force: true })
      for (const line of prepared.filter(Boolean)) assertServerTakes(JSON.parse(line) as string)
      if (options.dataDir) return
      await closeForwarder(database)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  try {
    await answering(server, exited, options.startMs ?? START_MS)
    return server
  } catch (error) {
    await server.dispose()
    throw error
  }
}

/** The environment without what would configure Docket, or make a server think that it is a test. */
function inherited() {
  const ours =
    /^(DATABASE_|SESSION_SECRET|ADMIN_|APP_ORIGIN|SIGNUP|TRUST_PROXY|LOG_LEVEL|NODE_OPTIONS|VITEST|TEST)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

async function answering(server: TestServer, exited: Promise<number | null>, startMs: number) {
  const deadline = performance.now() + startMs
  let gone = false
  void exited.then(() => {
    gone = true
  })
  for (let wait = 10; performance.now() < deadline; wait = Math.min(wait * 1.5, 100)) {
    if (gone) throw new Error(`The server exited before it answered:\n${server.output()}`)
    const answer = await fetch(`${server.origin}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => null,
    )
    await answer?.body?.cancel()
    if (answer?.ok && !gone) return
    await Promise.race([pause(wait), exited])
  }
  throw new Error(`No answer from ${server.origin}/healthz within ${startMs} ms:\n${server.output()}`)
}

async function stop(child: ChildProcess, exited: Promise<number | null>, output: () => string) {
  child.kill('SIGTERM')
  const late = new AbortController()
  const code = await Promise.race([
    exited,
    pause(STOP_MS, 'late' as const, { signal: late.signal }).catch(() => null),
  ])
  late.abort()
  if (code !== 'late') return code
  child.kill('SIGKILL')
  await exited
  throw new Error(`The server still ran ${STOP_MS} ms after SIGTERM:\n${output()}`)
}

function collect(child: ChildProcess) {
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const listener of listeners) listener()
    })
  }
  return {
    text: () => text,
    matching: (pattern: RegExp, exited: Promise<unknown>) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text)
          if (match) {
            listeners.delete(look)
            resolve(match)
          }
        }
        listeners.add(look)
        look()
        void exited.then(() => reject(new Error(`The server never wrote ${pattern}:\n${text}`)))
      }),
  }
}
