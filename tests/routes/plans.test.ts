/** @about-file plans are explained on a copy of the file */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client as Database } from '@libsql/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { olderThan } from '~/domain/jobs/log-cursor'
import { openDatabase } from '~db/client.server'
import { fill } from '../bench/scale-fill'
import { bigOwner } from '../bench/scale-words'
import { Script, signIn } from '../support/api'
import type { Client } from '../support/client'
import { EventReader } from '../support/event-stream'
import { builtRoutes } from '../support/manifest'
import { growingSteps } from '../support/plans'
import { addSamples, type Samples } from '../support/samples'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { rules, type TableRule } from './rules'

/**
 * Asks every loader of the built server, narrowed down and turned over in every way that its list knows, notes what it
 * asks of the database, and holds each statement's plan against what grows. A new route is asked by itself; one with a
 * parameter of a new kind needs a sample of it.
 */

const mostStatements = 6
/** A download goes on, slice after slice. */
const isPage = (url: string) => !url.startsWith('/api/') && !url.endsWith('/export')

const folder = mkdtempSync(join(tmpdir(), 'docket-plans-'))
const file = join(folder, 'docket.db')
const recorded = join(folder, 'statements')
let server: TestServer
let explainer: Database
let samples: Samples
const people = {} as { owner: Client; admin: Client }

beforeAll(async () => {
  await fill(file, 1000)
  const db = await openDatabase({ url: `file:${file}` })
  samples = await addSamples(db)
  await db.release()
  db.close()
  copyFileSync(file, join(folder, 'copy.db'))
  explainer = createClient({ url: `file:${join(folder, 'copy.db')}` })
  writeFileSync(recorded, '')
  server = await startServer({
    dataDir: folder,
    env: {
      LOG_LEVEL: 'debug',
      NODE_OPTIONS: '--import=./tests/support/record-statements.mjs',
      RECORD_STATEMENTS: recorded,
    },
  })
  people.owner = await signIn(server, { email: bigOwner, password: ADMIN.password })
  people.admin = await signIn(server)
  // as pages do: while nobody follows, each asks for the newest row of the log as well
  const { token } = await Script.signIn(server)
  await EventReader.open(`${server.origin}/api/admin/events`, { authorization: `Bearer ${token}` })
}, 60_000)
afterAll(async () => {
  await server?.dispose()
  explainer?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Asked {
  status: number
  text: string
  statements: string[]
  count: number
}

/** What a loader answers, and every statement that was prepared meanwhile. */
async function ask(who: Client, path: string): Promise<Asked> {
  const before = readFileSync(recorded).length
  const answer = await who.get(path, { headers: { accept: path.startsWith('/api/') ? '*/*' : 'text/html' } })
  const text = await textOf(answer)
  const line = new RegExp(`"requestId":"${answer.headers.get('x-request-id')}".*?"statements":(\\d+)`)
  const [, count] = await server.outputMatching(line)
  const lines = readFileSync(recorded).subarray(before).toString().trim().split('\n').filter(Boolean)
  const statements = [...new Set(lines.map((each) => JSON.parse(each) as string))]
  return { status: answer.status, text, statements, count: Number(count) }
}

/** A stream goes on for ever: its beginning, and that is left. */
async function textOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text()
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}

async function growingOf(statements: string[]): Promise<string[]> {
  const found: string[] = []
  for (const sql of statements)
    for (const step of await growingSteps(explainer, sql)) found.push(`${step} in: ${sql}`)
  return found
}

const routes = [...builtRoutes()].flatMap(([id, route]) => {
  const rule = rules[id]?.loader
  // what only takes POST answers 405 before it asks anything, and a layout is asked around its pages
  return route.hasLoader && rule && (route.path || route.index) ? [[route.url, id, rule] as const] : []
})

/** The address with a sample in each parameter's place, by the noun before it. */
function addressOf(url: string): string {
  return url.replace(/(\w[\w-]*)\/:(\w+)/g, (_, noun: string) => {
    const sample = samples[noun as keyof Samples]
    expect(sample, `a sample of ${noun} for ${url}, in tests/support/samples.ts`).toBeDefined()
    return `${noun}/${encodeURIComponent(sample)}`
  })
}

/** How the lists of jobs may be asked for; `:agent` is a sample. */
const questions = [
  '',
  ...[
    'status=FAILED',
    'status=FAILED&status=CANCELED',
    'agent=:agent',
    'agent=none',
    'priority=9',
    'tag=urgent',
  ],
  ...['created=7d', 'updated=7d', 'agent=:agent&status=FAILED', 'status=COMPLETED&tag=urgent&created=90d'],
  ...[
    'invoice',
    'status:failed invoice',
    '"quarterly invoice"',
    'invoice -draft',
    '-draft',
    'customer=c7',
  ].map((words) => `q=${encodeURIComponent(words)}`),
  ...['createdAt', 'updatedAt', '-updatedAt', 'priority', '-priority', 'name', '-name'].map(
    (sort) => `sort=${sort}`,
  ),
  ...[
    'sort=name&status=FAILED',
    'sort=-updatedAt&tag=urgent',
    'sort=-priority&q=invoice',
    'q=attempts%3A%3E1',
  ],
]
const ownersToo = [`owner=${bigOwner}`, `owner=${bigOwner}&status=FAILED`, `owner=${bigOwner}&sort=name`]

/** How a job's log may be narrowed, on its pages and by script. */
const logQuestions = (isPage: boolean) => {
  const [kind, agent, attempt] = isPage ? ['logKind', 'logAgent', 'logAttempt'] : ['kind', 'agent', 'attempt']
  return [
    '',
    `${kind}=changes`,
    `${kind}=errors`,
    `${kind}=message`,
    `${agent}=:agent`,
    `${attempt}=1`,
    `${attempt}=1&${kind}=calls`,
    isPage ? `attempts=${olderThan(2, 'attempts-newest')}` : 'order=newest',
  ]
}
const hasLog = (url: string) => /^\/(admin\/)?jobs\/:id$|^\/api\/jobs\/:id\/logs$/.test(url)

const isJobList = (url: string) => /^\/(api\/)?(admin\/)?jobs(\/export)?$/.test(url)
const searches = ['invoice', 'q', 'status:failed invoice', '01k0000000', 'toolbox'].map(
  (q) => `q=${encodeURIComponent(q)}`,
)
const reviews = ['after=none', 'after=none&way=previous']
const questionsOf = (url: string): string[] => {
  if (url.endsWith('/search')) return isPage(url) ? ['q=', ...searches] : ['', ...searches]
  if (url === '/review') return reviews
  // a row from the beginning is read from there on
  if (url.endsWith('/events')) return ['', 'after=1']
  if (url === '/api/schedules/next') return ['cron=0%209%20*%20*%20*&timeZone=UTC']
  if (url === '/api/jobs/:id/attempts') return ['limit=1', 'limit=1&order=newest']
  if (hasLog(url)) return logQuestions(isPage(url))
  if (!isJobList(url)) return ['']
  const all = url.includes('admin') ? [...questions, ...ownersToo] : questions
  if (!url.endsWith('/export')) return isPage(url) ? [...all, 'held=:job'] : all
  return all.filter((each) => !each.includes('sort=')).map((each) => `format=csv&${each}`)
}

/** The addresses of the pages before and after, as the answer links or names them. */
function turns(path: string, text: string): string[] {
  if (!path.startsWith('/api/'))
    return [...text.matchAll(/<a [^>]*?rel="(?:next|prev)"[^>]*? href="([^"]+)"/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    )
  return [...text.matchAll(/"(?:next|prev)Cursor":"([^"]+)"/g)].map(([, cursor]) => {
    const [place, search] = path.split('?')
    const asked = new URLSearchParams(search)
    asked.set('cursor', cursor ?? '')
    return `${place}?${asked}`
  })
}

test('the measure sees a walk through a table, a sort, and a walk under another name', async () => {
  expect(await growingOf(['SELECT * FROM jobs ORDER BY description'])).toHaveLength(2)
  expect(await growingOf(['SELECT count(*) FROM job_logs l JOIN agents a ON a.id = l.agentId'])).toHaveLength(
    1,
  )
  expect(await growingOf(['SELECT * FROM jobs WHERE id = ?'])).toEqual([])
})

/** What is not there for want of a one-time link, or on purpose, is one more way to ask. */
const refused = (rule: TableRule) => (rule === 'anyone' ? [400, 422, 500] : [400, 404, 422, 500])

/** Asks for a page, the ones before and after it, and back again. */
async function askBothWays(first: string, check: (path: string, asked: Asked) => Promise<void>, who: Client) {
  const seen = new Set<string>()
  let paths = [first]
  for (let turn = 0; turn < 3; turn++) {
    const around: string[] = []
    for (const path of paths.filter((each) => !seen.has(each))) {
      seen.add(path)
      const asked = await ask(who, path)
      await check(path, asked)
      around.push(...turns(path, asked.text))
    }
    paths = around
  }
}

test.each(routes)(
  '%s: no statement walks through what grows or sorts it',
  async (url, _id, rule) => {
    for (const question of questionsOf(url)) {
      const first =
        addressOf(url) +
        (question && `?${question.replace(':agent', samples.agents).replace(':job', samples.jobs)}`)
      const check = async (path: string, { status, text, statements, count }: Asked) => {
        // the sample's result is no image, which is known once it is read
        if (!url.endsWith('/result/image'))
          expect(refused(rule), `${path}: ${text.slice(0, 300)}`).not.toContain(status)
        // whoever signed in was looked up
        if (rule !== 'anyone') expect(statements.length, path).toBeGreaterThan(0)
        expect(await growingOf(statements), path).toEqual([])
        if (isPage(url) && status === 200)
          expect(count, `${path}:\n${statements.join('\n\n')}`).toBeLessThanOrEqual(mostStatements)
      }
      await askBothWays(first, check, rule === 'admin' ? people.admin : people.owner)
    }
  },
  60_000,
)
