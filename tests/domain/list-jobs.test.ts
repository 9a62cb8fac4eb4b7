import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Invalid } from '~/domain/errors'
import {
  type JobFilter,
  type Metadatum,
  type NumberRange,
  type Sort,
  sortFields,
  type TimeRange,
} from '~/domain/jobs/list-filter'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { listJobs, matchingIds } from '~/domain/jobs/queries.server'
import { qualifiers } from '~/domain/jobs/query-text'
import type { UserActor } from '~/domain/policy'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { type AgentActor, addAgent, addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { isOnRealServer } from '../support/on-real-server'

/** Every list against the plainest one: all jobs in memory, filtered and sorted by hand. */

interface Row {
  no: number
  id: string
  userId: string
  name: string
  status: JobStatus
  priority: number
  assignedAgentId: string | null
  attemptCount: number
  createdAt: number
  updatedAt: number
  archivedAt: number | null
  tags: string[]
  metadata: Record<string, string>
}

let stage: TestDesk
let desk: TestDesk['desk']
let admin: UserActor
let owners: UserActor[]
let agents: AgentActor[]
let rows: Row[]
const words = ['alpha', 'beta', 'Alphabet', 'gamma', 'Émile', 'zeta-one']
const pick = <One>(from: readonly One[], n: number) => from[n % from.length] as One

beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  admin = await addUser(desk, 'Ada', 'ADMIN')
  owners = [admin, await addUser(desk, 'Olive'), await addUser(desk, 'Otto')]
  agents = [await addAgent(desk, 'One'), await addAgent(desk, 'Two')]
  let seed = 7
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed >> 8
  }
  rows = Array.from(
    { length: 300 },
    (_, n): Row => ({
      no: n + 1,
      id: `job${String(n).padStart(23, '0')}`,
      userId: pick(owners, random()).id,
      name: `${pick(words, random())} ${pick(words, random())}`,
      status: pick(jobStatuses, random()),
      priority: random() % 10,
      assignedAgentId: random() % 3 === 0 ? null : pick(agents, random()).id,
      attemptCount: random() % 4,
      createdAt: 1000 + Math.floor(n / 4),
      updatedAt: 1100 + (random() % 60),
      archivedAt: random() % 12 === 0 ? 5000 : null,
      tags: random() % 2 === 0 ? ['red'] : random() % 2 === 0 ? ['blue', 'red'] : [],
      metadata: random() % 3 === 0 ? { customer: 'acme' } : {},
    }),
  )
  const columns = Object.keys(rows[0] as Row)
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `INSERT INTO jobs (${columns.join(', ')}, description, acceptanceCriteria, writeId)
          SELECT ${columns.map((name) => `json_extract(value, '$.${name}')`).join(', ')}, 'd', 'c', 'w'
          FROM json_each(?)`,
        args: [JSON.stringify(rows)],
      },
      {
        sql: `INSERT INTO batch_items (batchId, jobId) SELECT 'batch', id FROM jobs WHERE no % 3 = 0`,
        args: [],
      },
    ],
  })
})
afterAll(() => stage.close())

const inRange = (value: number, { min, max }: NumberRange) => value >= (min ?? 0) && value <= (max ?? 99)
const inTime = (value: number, { from, to }: TimeRange) => value >= (from ?? 0) && value < (to ?? 1e9)
const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
const holds = ({ name }: Row, { text, phrase }: { text: string; phrase: boolean }) =>
  ` ${plain(name).replaceAll(/[^a-z]+/g, ' ')} `.includes(
    ` ${plain(text)
      .replaceAll(/[^a-z]+/g, ' ')
      .trim()}${phrase ? ' ' : ''}`,
  )

function fits(row: Row, filter: JobFilter): boolean {
  const { statuses, agentId, ownerId, priority, attempts, created, updated, batchId, without = {} } = filter
  return (
    row.archivedAt === null &&
    (!statuses || statuses.includes(row.status)) &&
    (agentId === undefined || row.assignedAgentId === (agentId === 'none' ? null : agentId)) &&
    (ownerId === undefined || row.userId === ownerId) &&
    inRange(row.priority, priority ?? {}) &&
    inRange(row.attemptCount, attempts ?? {}) &&
    inTime(row.createdAt, created ?? {}) &&
    inTime(row.updatedAt, updated ?? {}) &&
    (batchId === undefined || row.no % 3 === 0) &&
    (filter.tags ?? []).every((tag) => row.tags.includes(tag)) &&
    !(without.tags ?? []).some((tag) => row.tags.includes(tag)) &&
    !(without.metadata ?? []).some(({ key, value }) => row.metadata[key] === value) &&
    !(without.agents ?? []).includes(row.assignedAgentId ?? 'none') &&
    !(without.owners ?? []).includes(row.userId) &&
    !(without.batches?.length && row.no % 3 === 0) &&
    !(without.priority ?? []).some((range) => inRange(row.priority, range)) &&
    !(without.attempts ?? []).some((range) => inRange(row.attemptCount, range)) &&
    !(without.created ?? []).some((range) => inTime(row.createdAt, range)) &&
    !(without.updated ?? []).some((range) => inTime(row.updatedAt, range)) &&
    (filter.metadata ?? []).every(({ key, value }) => row.metadata[key] === value) &&
    (filter.text ?? []).every((term) => holds(row, term) !== term.negated)
  )
}

function compare(a: Row, b: Row, sort: Sort): number {
  const way = sort.startsWith('-') ? -1 : 1
  const field = sort.replace('-', '')
  const nocase = ({ name }: Row) => Buffer.from(name.replace(/[A-Z]/g, (each) => each.toLowerCase()))
  const order =
    field === 'name'
      ? Buffer.compare(nocase(a), nocase(b))
      : Number(a[field as keyof Row]) - Number(b[field as keyof Row])
  return way * (order || a.no - b.no)
}

/** Mostly not, so that most lists hold something. */
const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const range = (least: number, most: number) =>
  fc.option(fc.integer({ min: least, max: most }), { nil: undefined, freq: 2 })
const pairs = (least: number, most: number) =>
  fc.array(fc.tuple(fc.integer({ min: least, max: most }), fc.nat(most - least)), { maxLength: 2 })
const numbers = (least: number, most: number) =>
  pairs(least, most).map((all) => all.map(([min, more]) => ({ min, max: min + more })))
const times = (least: number, most: number) =>
  pairs(least, most).map((all) => all.map(([from, more]) => ({ from, to: from + more })))
const exclusions = () =>
  fc.record(
    {
      tags: fc.constant<string[]>(['blue']),
      metadata: fc.constant<Metadatum[]>([{ key: 'customer', value: 'acme' }]),
      agents: fc.uniqueArray(fc.constantFrom('none', ...agents.map(({ id }) => id)), { maxLength: 2 }),
      owners: fc.uniqueArray(fc.constantFrom(...owners.map(({ id }) => id)), { maxLength: 2 }),
      batches: fc.constant<string[]>(['batch']),
      priority: numbers(0, 9),
      attempts: numbers(0, 4),
      created: times(990, 1080),
      updated: times(1090, 1170),
    },
    { requiredKeys: [] },
  )
const filters = () =>
  fc.record({
    statuses: maybe(fc.uniqueArray(fc.constantFrom(...jobStatuses), { maxLength: 4 })),
    agentId: maybe(fc.constantFrom('none', ...agents.map(({ id }) => id))),
    priority: maybe(fc.record({ min: range(0, 9), max: range(0, 9) })),
    attempts: maybe(fc.record({ min: range(0, 4), max: range(0, 4) })),
    created: maybe(fc.record({ from: range(990, 1080), to: range(990, 1080) })),
    updated: maybe(fc.record({ from: range(1090, 1170), to: range(1090, 1170) })),
    tags: maybe(fc.constantFrom<string[][]>(['red'], ['blue', 'red'])),
    metadata: maybe(fc.constant<Metadatum[]>([{ key: 'customer', value: 'acme' }])),
    batchId: maybe(fc.constant('batch')),
    without: maybe(exclusions()),
    text: maybe(
      fc.array(
        fc.record({
          text: fc.constantFrom('alpha', 'ALPH', 'be', 'emile', 'zeta-on', 'zeta-one', 'beta gamma'),
          phrase: fc.boolean(),
          negated: fc.boolean(),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    ),
  })

test('any filter, in any order, by pages there and back, and its ids', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      filters(),
      fc.constantFrom(...sortFields.flatMap((field): Sort[] => [field, `-${field}`])),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('own', 'all', 'owner'),
      async (narrow, sort, limit, whose) => {
        const actor = whose === 'own' ? (owners[1] as UserActor) : admin
        const ownerId = whose === 'all' ? undefined : (owners[1] as UserActor).id
        const scope = whose === 'own' ? 'own' : 'all'
        const filter: JobFilter = { ...narrow, ...(whose === 'owner' ? { ownerId } : {}) }
        const wanted = rows
          .filter((row) => fits(row, { ...narrow, ownerId }))
          .sort((a, b) => compare(a, b, sort))
          .map(({ id }) => id)
        const read = (cursor: string | null) => listJobs(desk, actor, { scope, filter, sort, limit, cursor })
        let page = await read(null)
        expect(page.prevCursor).toBeNull()
        const there = [page.rows.map(({ id }) => id)]
        while (page.nextCursor) {
          page = await read(page.nextCursor)
          there.push(page.rows.map(({ id }) => id))
        }
        expect(page.searchedTo).toBeNull()
        expect(there.flat()).toEqual(wanted)
        const back = [page.rows.map(({ id }) => id)]
        while (page.prevCursor) {
          page = await read(page.prevCursor)
          back.unshift(page.rows.map(({ id }) => id))
        }
        expect(back).toEqual(there)
        const ids: string[] = []
        let after: string | null = null
        do {
          const slice = await matchingIds(desk, actor, { scope, filter }, { after, most: limit })
          ids.push(...slice.ids)
          after = slice.after
        } while (after)
        expect(ids.toSorted()).toEqual(wanted.toSorted())
      },
    ),
    { numRuns: isOnRealServer ? 40 : 400 },
  )
})

const second = (ms: number) => `1970-01-01T00:00:0${ms / 1000}Z`
const agentName = ({ id }: AgentActor, name: string) => `agent:"${name} ${id.slice(-8)}"`

test('every qualifier: what it finds and what it finds negated are all jobs, and no job is both', async () => {
  const [one] = agents as [AgentActor]
  const terms: Record<string, string[]> = {
    status: ['status:failed', 'status:open', 'status:failed,canceled'],
    agent: [agentName(one, 'One'), 'agent:none'],
    owner: [`owner:${owners[1]?.id}@example.com`],
    priority: ['priority:3', 'priority:>3', 'priority:<=3', 'priority:2..5', 'priority:..5'],
    attempts: ['attempts:0', 'attempts:<2', 'attempts:1..2'],
    created: [
      `created:${second(1010)}..${second(1040)}`,
      `created:>${second(1040)}`,
      `created:<=${second(1040)}`,
    ],
    updated: [`updated:${second(1110)}..${second(1140)}`, `updated:..${second(1140)}`],
    needs: ['needs:review', 'needs:answer', 'needs:me'],
    tag: ['tag:blue', 'tag:red'],
    meta: ['meta:"customer=acme"', 'customer=acme'],
    batch: ['batch:batch'],
    words: ['alpha', '"beta gamma"', 'emile'],
  }
  expect(Object.keys(terms)).toEqual([...qualifiers, 'words'])
  const live = rows.filter(({ archivedAt }) => archivedAt === null).map(({ id }) => id)
  const idsOf = async (q: string, scope: 'all' | 'own' = 'all') => {
    const { filter, errors } = await readJobFilter(desk, admin, scope, { q })
    expect(errors, q).toEqual({})
    return (await matchingIds(desk, admin, { scope, filter }, { after: null, most: 500 })).ids
  }
  for (const term of Object.values(terms).flat()) {
    const some = await idsOf(term)
    const others = await idsOf(`-${term}`)
    expect(some.length * others.length, term).toBeGreaterThan(0)
    expect([...some, ...others].toSorted(), term).toEqual(live)
    expect(await idsOf(`${term} -${term}`), term).toEqual([])
  }
  // several: none of them
  const neither = await idsOf(`-${agentName(one, 'One')} -agent:none -priority:2..5 -priority:8 -tag:red`)
  const left = rows.filter(
    (row) =>
      row.archivedAt === null &&
      ![one.id, null].includes(row.assignedAgentId) &&
      [0, 1, 6, 7, 9].includes(row.priority) &&
      row.tags.length === 0,
  )
  expect(neither.toSorted()).toEqual(left.map(({ id }) => id))
  expect(neither.length).toBeGreaterThan(0)
  const own = await idsOf('-agent:none', 'own')
  expect(own.length).toBeGreaterThan(0)
  expect(own.every((id) => rows.some((row) => row.id === id && row.userId === admin.id))).toBe(true)
})

test('a cursor of another order, or of a search, is refused', async () => {
  const own = (more: object) => listJobs(desk, admin, { scope: 'own', limit: 1, ...more })
  const { nextCursor: cursor } = await own({})
  for (const more of [{ sort: 'createdAt' }, { sort: '-updatedAt' }, { filter: { tags: ['red'] } }]) {
    await expect(own({ cursor, ...more })).rejects.toThrow(Invalid)
  }
})
