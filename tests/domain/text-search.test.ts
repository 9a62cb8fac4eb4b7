import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import type { JobFilter } from '~/domain/jobs/list-filter'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { mostInIndex, mostInTable } from '~/domain/jobs/list-plan.server'
import { listJobs, matchingIds } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let desk: TestDesk['desk']
let owner: UserActor
let other: UserActor
let admin: UserActor
beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  other = await addUser(desk, 'Otto')
  admin = await addUser(desk, 'Ada', 'ADMIN')
})
afterAll(() => stage.close())

/** The names of what a box finds among the person's own jobs, or everyone's. */
async function found(q: string, actor = owner, scope: 'own' | 'all' = 'own') {
  const { filter, errors } = await readJobFilter(desk, actor, scope, { q })
  expect(errors).toEqual({})
  return (await listJobs(desk, actor, { scope, filter, limit: 100 })).rows.map(({ name }) => name)
}

describe('what is found', () => {
  beforeAll(async () => {
    const jobs = {
      Invoice: { description: 'The overdue bill of Acme', tags: ['money', 'grün'] },
      'Weekly report': { description: 'Sales, foo-bar and naïve plans', metadata: { customer: 'acme corp' } },
      'Déjà vu': { description: 'Once more: C++ "quoted" x y' },
    }
    for (const [name, more] of Object.entries(jobs)) await handIn(desk, owner, { name, ...more })
  })

  test.each([
    ['invo', ['Invoice']],
    ['INVOICE', ['Invoice']],
    ['voice', []],
    ['overdue acme', ['Invoice']],
    ['acme', ['Weekly report', 'Invoice']],
    ['acme -invoice', ['Weekly report']],
    ['-invoice', ['Déjà vu', 'Weekly report']],
    ['"overdue bill"', ['Invoice']],
    ['"overdue bi"', []],
    ['"bill overdue"', []],
    ['-"overdue bill"', ['Déjà vu', 'Weekly report']],
    ['deja', ['Déjà vu']],
    ['naive', ['Weekly report']],
    ['foo-bar', ['Weekly report']],
    ['foo-ba', ['Weekly report']],
    ['bar-foo', []],
    ['x', ['Déjà vu']],
    ['w', []],
    ['tag:money', ['Invoice']],
    ['tag:Money', ['Invoice']],
    ['tag:mon', []],
    ['mon', ['Invoice']],
    ['tag:grün tag:money', ['Invoice']],
    ['-tag:money', ['Déjà vu', 'Weekly report']],
    ['customer="acme corp"', ['Weekly report']],
    ['meta:"customer=acme corp"', ['Weekly report']],
    ['customer=acme', []],
    ['Customer="acme corp"', []],
    ['status:pending invoice', ['Invoice']],
    ['status:failed invoice', []],
  ])('%s', async (q, names) => {
    expect(await found(q)).toEqual(names)
  })

  test('what changes is found as it is now, and what is archived not at all', async () => {
    const id = await handIn(desk, owner, { name: 'Passing' })
    expect(await found('passing')).toEqual(['Passing'])
    await cancelJob(desk, owner, id, {})
    await archiveJob(desk, owner, id, {})
    expect(await found('passing')).toEqual([])
  })
})

describe('whose it is', () => {
  beforeAll(async () => {
    await handIn(desk, other, { name: 'Secret plan', description: `o${owner.id} everyone owner` })
  })

  test.each([
    'secret',
    '-nothing',
    'everyone',
    '") OR name:secret OR ("',
    '"secret"',
    'secret OR secret',
    'sec*',
    '{name}:secret',
    '-"x" -y',
  ])('nobody finds another’s: %s', async (q) => {
    const { filter } = await readJobFilter(desk, owner, 'own', { q })
    const { rows } = await listJobs(desk, owner, { scope: 'own', filter, limit: 100 })
    expect(rows.filter(({ userId }) => userId !== owner.id)).toEqual([])
  })

  test('a text that holds the index’s own words for an owner is none of hers', async () => {
    expect(await found(`o${owner.id}`)).toEqual([])
    expect(await found(`o${owner.id}`, other)).toEqual(['Secret plan'])
  })

  test('an admin finds everyone’s, and one owner’s', async () => {
    expect(await found('secret', admin, 'all')).toEqual(['Secret plan'])
    expect(await found(`secret owner:${other.id}@example.com`, admin, 'all')).toEqual(['Secret plan'])
    expect(await found(`secret owner:${owner.id}`, admin, 'all')).toEqual([])
    expect(await found('secret', admin, 'own')).toEqual([])
  })
})

test.each([
  '"',
  '"unbalanced',
  'a"b',
  '(((',
  'NEAR(a b)',
  'a AND NOT',
  '* ^ + -',
  '--',
  'a\0b',
  '\ud800 lone',
  '🎉',
  '🎉party',
  "'; DROP TABLE jobs; --",
  'x'.repeat(1000),
  'a '.repeat(500),
  `${'"'.repeat(999)}`,
  'name:x',
  'owner : "everyone"',
])('whatever is typed is an answer or an explanation: %j', async (q) => {
  const { filter, errors } = await readJobFilter(desk, owner, 'own', { q })
  expect(Object.keys(errors).filter((name) => name !== 'q')).toEqual([])
  await listJobs(desk, owner, { scope: 'own', filter, limit: 100 })
})

describe('among many', () => {
  let many: UserActor
  const count = 12_000
  beforeAll(async () => {
    many = await addUser(desk, 'Mona')
    await desk.db.write({
      repeatable: true,
      statements: [
        {
          sql: `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count)
            INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, writeId, priority, createdAt, updatedAt)
            SELECT printf('many%022d', n), :userId, iif(n = 1, 'Needle', printf('Hay %06d', n)), 'straw', 'c',
              iif(n = 2, 'FAILED', 'COMPLETED'), 'w', iif(n IN (1, 2), 9, 0), 1000 + n, 100000 - n FROM n`,
          args: { count, userId: many.id },
        },
      ],
    })
  })

  const page = (filter: JobFilter, more: object = {}) =>
    listJobs(desk, many, { scope: 'own', filter, limit: 10, ...more })

  test('a rare status is found at once, and so is a rare word', async () => {
    const failed = await page({ statuses: ['FAILED', 'CANCELED'] })
    expect(failed).toMatchObject({ rows: [{ priority: 9 }], nextCursor: null, searchedTo: null })
    const needle = await page({ text: [{ text: 'needle', phrase: false, negated: false }] })
    expect(needle).toMatchObject({ rows: [{ name: 'Needle' }], nextCursor: null, searchedTo: null })
  })

  test('what an index passes over: so far and no further, and on from there, both ways', async () => {
    const filter = { priority: { min: 9 } }
    const first = await page(filter)
    expect(first).toMatchObject({ rows: [], prevCursor: null, searchedTo: 1000 + count - mostInIndex + 1 })
    const second = await page(filter, { cursor: first.nextCursor })
    expect(second).toMatchObject({ rows: [], searchedTo: 1000 + count - 2 * mostInIndex + 1 })
    const third = await page(filter, { cursor: second.nextCursor })
    expect(third).toMatchObject({ rows: [{}, { name: 'Needle' }], nextCursor: null, searchedTo: null })
    const back = await page(filter, { cursor: third.prevCursor })
    expect(back.rows).toEqual([])
    expect(back.searchedTo).not.toBeNull()
    const again = await page(filter, { cursor: back.nextCursor })
    const rest = await page(filter, { cursor: again.nextCursor })
    expect([...again.rows, ...rest.rows].map(({ id }) => id)).toEqual(third.rows.map(({ id }) => id))
    const up = await page(filter, { cursor: back.prevCursor })
    expect(up).toMatchObject({ rows: [], searchedTo: expect.any(Number) })
    const top = await page(filter, { cursor: up.prevCursor })
    expect(top).toMatchObject({ prevCursor: null, searchedTo: first.searchedTo })
  })

  test('by another order than by age a search is of the newest matches, and says so', async () => {
    const straw = { text: [{ text: 'straw', phrase: false, negated: false }] }
    const byName = await page(straw, { sort: 'name' })
    expect(byName.searchedTo).toBe(1000 + count - mostInTable + 1)
    expect(byName.rows[0]?.name).toBe(`Hay ${String(count - mostInTable + 1).padStart(6, '0')}`)
  })

  test('an order of the table looks at fewer rows', async () => {
    const found = await page({ attempts: { min: 1 } }, { sort: 'name' })
    expect(found).toMatchObject({ rows: [], searchedTo: 1001 + mostInTable })
  })

  test('ids come in slices, to the end', async () => {
    const ids: string[] = []
    let after: string | null = null
    let slices = 0
    do {
      const slice = await matchingIds(
        desk,
        many,
        { scope: 'own', filter: { priority: { min: 9 } } },
        { after, most: 1000 },
      )
      ids.push(...slice.ids)
      after = slice.after
      slices++
    } while (after)
    expect(ids).toHaveLength(2)
    expect(slices).toBe(3)
    expect((await matchingIds(desk, many, { scope: 'own', filter: {} }, { most: 1000 })).ids).toHaveLength(
      1000,
    )
  })
})
