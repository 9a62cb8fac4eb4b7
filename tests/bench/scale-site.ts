import { execFileSync } from 'node:child_process'
import { ADMIN, startServer } from '../support/server'
import { until } from '../support/until'
import { claimOne } from './scale-claims'
import { Connection } from './scale-connection'
import { type Asked, requestsTo } from './scale-requests'
import { bigOwner } from './scale-words'
import { longestStall, type Stall, watchStalls } from './stalls'

/** What is known of one kind of request to one server. */
export interface Measured {
  asked: Asked
  /** Milliseconds of each, request to last byte. */
  taken: number[]
  bytes: number
  rawBytes: number
  statements: number
  /** How many jobs it shows. */
  rows: number
  /** Why it was not measured: the server does not do what it asks for. */
  problem: string | null
}

/** A server on a filled database, and what was measured of it. */
export interface Site {
  size: number
  folder: string
  measured: Map<string, Measured>
  claims: number[]
  megabytes: number
  /** The longest stall of the server, by what it did meanwhile. */
  stalls: Map<string, Stall>
  /** Asks each kind of request once. */
  ask(counts: boolean): Promise<void>
  claim(): Promise<void>
  /** Notes the longest stall since the last note. */
  noteStall(during: string): Promise<void>
  /** Exports jobs, and takes a backup. */
  copy(): Promise<void>
  /** Looks how much memory it has. */
  weigh(): Promise<void>
  close(): Promise<void>
}

type Kinds = Awaited<ReturnType<typeof requestsTo>>
type Counted = { kinds: Kinds; measured: Map<string, Measured> }

async function enter(folder: string, logLevel: string) {
  const server = await startServer({
    dataDir: folder,
    env: { LOG_LEVEL: logLevel, NODE_OPTIONS: `${watchStalls} ${process.env.BENCH_NODE_OPTIONS ?? ''}` },
    startMs: 120_000,
  })
  const owner = await Connection.signIn(server, { email: bigOwner, password: ADMIN.password })
  const admin = await Connection.signIn(server, ADMIN)
  return { server, people: { owner, admin } }
}

/** One round on a server that logs each request: how many statements it took, its size, and whether it does what it should. */
export async function countStatements(folder: string): Promise<Counted> {
  const { server, people } = await enter(folder, 'debug')
  const kinds = await requestsTo(people.owner, people.admin)
  const measured = new Map<string, Measured>()
  const shown = new Map<string, string>()
  for (const [name, asked] of Object.entries(kinds)) {
    const answered = await people[asked.who].ask(asked.path)
    const text = answered.text()
    shown.set(name, rowsOf(text))
    const pattern = new RegExp(`"requestId":"${answered.requestId}".*?"statements":(\\d+)`)
    const [, statements] = await server.outputMatching(pattern)
    measured.set(name, {
      asked,
      taken: [],
      bytes: answered.bytes,
      rawBytes: Buffer.byteLength(text),
      statements: Number(statements),
      rows: new Set(rowsOf(text).split(',').filter(Boolean)).size,
      problem: problemOf(answered.status, asked, rowsOf(text), shown),
    })
  }
  await server.stop()
  return { kinds, measured }
}

/** The jobs that a page links to, in its order. */
const rowsOf = (html: string) => [...html.matchAll(/\/jobs\/([0-9a-z]{26})\b/g)].map(([, id]) => id).join()

function problemOf(status: number, { unlike }: Asked, rows: string, shown: Map<string, string>) {
  if (status !== 200) return `answered ${status}`
  if (!unlike) return null
  return rows === shown.get(unlike) ? `shows the same jobs as ${unlike}` : null
}

export async function openSite(size: number, folder: string, { measured }: Counted): Promise<Site> {
  const { server, people } = await enter(folder, 'warn')
  const site: Site = {
    ...{ size, folder, measured, claims: [], megabytes: 0, stalls: new Map() },
    async ask(counts) {
      for (const { asked, taken, problem } of measured.values()) {
        if (problem) continue
        const answered = await people[asked.who].ask(asked.path)
        if (answered.status !== 200) throw new Error(`${asked.path} answered ${answered.status}`)
        if (counts) taken.push(answered.ms)
      }
    },
    async claim() {
      site.claims.push(await claimOne(people.admin))
    },
    async noteStall(during) {
      site.stalls.set(during, await longestStall(server))
    },
    async copy() {
      await people.admin.ask('/api/admin/jobs/export?format=ndjson&status=FAILED')
      await site.noteStall('an export')
      await backUp(people.admin)
      await site.noteStall('a backup')
    },
    async weigh() {
      const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)], { encoding: 'utf8' })
      site.megabytes = Math.round(Number(kilobytes) / 1024)
    },
    async close() {
      for (const each of Object.values(people)) each.close()
      await server.stop()
    },
  }
  // what the start and the signing in took is none of it
  await longestStall(server)
  return site
}

interface Backups {
  data: { name: string }[]
  running: object | null
}

/** Takes a backup, waits for it, and removes it. */
async function backUp(admin: Connection) {
  await admin.json('/api/admin/backups', {})
  const backups = () => admin.json<Backups>('/api/admin/backups')
  await until(async () => (await backups()).running === null, 600_000)
  for (const { name } of (await backups()).data) await admin.remove(`/api/admin/backups/${name}`)
}
