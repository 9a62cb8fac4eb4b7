import { type Client, createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { submitAttempt } from '~/domain/attempts/settle.server'
import { DomainError } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { nextReview, type Way } from '~/domain/jobs/next-review.server'
import { acceptJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import { search } from '~/domain/search/search.server'
import { mostJobs } from '~/domain/search/view'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { describeExceptOnServer } from '../support/except-on-server'
import { growingSteps } from '../support/plans'

let stage: TestDesk
let desk: TestDesk['desk']
let owner: UserActor
let other: UserActor
let admin: UserActor
let agent: AgentActor
beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  other = await addUser(desk, 'Otto')
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agent = await addAgent(desk, 'Paper Mill', { concurrency: 100 })
})
afterAll(() => stage.close())

const names = async (actor: UserActor, q: string) =>
  (await search(desk, actor, q)).jobs.map(({ name }) => name)

describe('jobs', () => {
  let invoice: string
  let secret: string
  beforeAll(async () => {
    invoice = await handIn(desk, owner, { name: 'Invoice of Acme', tags: ['money'] })
    secret = await handIn(desk, other, { name: 'Invoice nobody may see', description: 'acme' })
  })

  test('by a word’s beginning, in any case, newest first', async () => {
    await handIn(desk, owner, { name: 'Invoices, all of them' })
    expect(await names(owner, 'INVO')).toEqual(['Invoices, all of them', 'Invoice of Acme'])
    expect(await names(owner, '  invoice   acme ')).toEqual(['Invoice of Acme'])
    expect(await names(owner, 'tag:money')).toEqual(['Invoice of Acme'])
  })

  test('by its id, whole or begun, in any case; an archived one, too', async () => {
    expect(await names(owner, invoice)).toEqual(['Invoice of Acme'])
    expect(await names(owner, invoice.toUpperCase())).toEqual(['Invoice of Acme'])
    expect(await names(owner, invoice.slice(0, 25))).toContain('Invoice of Acme')
    const gone = await handIn(desk, owner, { name: 'Gone' })
    await cancelJob(desk, owner, gone, {})
    await archiveJob(desk, owner, gone, {})
    expect(await names(owner, gone)).toEqual(['Gone'])
    expect(await names(owner, 'gone')).toEqual([])
  })

  test('a stranger’s never appear, by whatever', async () => {
    for (const q of [
      'nobody',
      'invoice',
      'acme',
      secret,
      secret.slice(0, 8),
      secret.slice(0, 25),
      `"may see"`,
    ]) {
      expect(await names(owner, q), q).not.toContain('Invoice nobody may see')
    }
    expect(await names(admin, secret)).toEqual(['Invoice nobody may see'])
    expect(await names(admin, 'nobody')).toEqual(['Invoice nobody may see'])
  })

  test('a few of many, and that there are more', async () => {
    for (let n = 0; n < mostJobs + 2; n++) await handIn(desk, owner, { name: `Many ${n}` })
    const found = await search(desk, owner, 'many')
    expect(found.jobs).toHaveLength(mostJobs)
    expect(found.hasMore).toBe(true)
    expect(found.jobs[0]?.name).toBe(`Many ${mostJobs + 1}`)
    expect((await search(desk, owner, 'acme')).hasMore).toBe(false)
  })

  test('of one letter only what is that letter', async () => {
    await handIn(desk, owner, { name: 'Plan B', description: 'zebra' })
    expect(await names(owner, 'b')).toEqual(['Plan B'])
    expect(await names(owner, 'z')).toEqual([])
  })
})

describe('agents', () => {
  test('by any word of their names; retired ones by admins alone', async () => {
    const old = await addAgent(desk, 'Old Paper Tiger')
    await setAgentState(desk, old, 'RETIRED')
    const found = async (actor: UserActor, q: string) =>
      (await search(desk, actor, q)).agents.map(({ id }) => id)
    expect(await found(owner, 'paper')).toEqual([agent.id])
    expect(await found(owner, 'MILL')).toEqual([agent.id])
    expect(await found(owner, 'ill')).toEqual([])
    expect(await found(owner, 'tiger')).toEqual([])
    expect(await found(admin, 'paper')).toEqual([agent.id, old.id])
  })
})

test.each([
  ...[
    '',
    ' ',
    '"',
    '""',
    "'",
    '*',
    '-',
    '(',
    'a AND',
    'OR NOT',
    'NEAR(a b)',
    '^a',
    '{name} : x',
    'a* *',
    '%',
    '_',
  ],
  ...[
    '\0',
    'a\0b',
    '\ud800',
    '🎉',
    '\u202e',
    'status:',
    'status:asleep',
    'owner:x',
    'agent:nobody',
    ':',
    'a:b:c',
  ],
  ...[
    '0'.repeat(8),
    '0'.repeat(26),
    '0'.repeat(27),
    'x'.repeat(1001),
    'a '.repeat(500),
    "'; DROP TABLE jobs; --",
  ],
])('whatever is typed is an answer or an explanation: %j', async (q) => {
  for (const actor of [owner, admin]) {
    try {
      const { jobs, agents } = await search(desk, actor, q)
      expect(jobs.length + agents.length).toBeLessThan(20)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      expect(error).toMatchObject({ code: 'invalid', fields: { q: expect.any(Array) } })
    }
  }
})

describe('from one job under review to the next', () => {
  const ids: string[] = []
  let stranger: string
  const underReview = async (by: UserActor) => {
    const id = await handIn(desk, by, { agentId: agent.id })
    const held = (await claim(desk, agent, 100, false)).find(({ job }) => job.id === id)
    if (!held) throw new Error('not claimed')
    await submitAttempt(desk, agent, held.lease, { result: '"done"' })
    stage.advance(10)
    return id
  }
  beforeAll(async () => {
    for (let n = 0; n < 3; n++) ids.push(await underReview(owner))
    stranger = await underReview(other)
  })
  const from = (after: string, way: Way = 'next', actor = owner) =>
    nextReview(desk, actor, { scope: actor === admin ? 'all' : 'own', after, way })

  test('older ones next, newer ones before, and round at the ends', async () => {
    const [first = '', second = '', third = ''] = ids
    expect(await from(third)).toBe(second)
    expect(await from(second)).toBe(first)
    expect(await from(first)).toBe(third)
    expect(await from(first, 'previous')).toBe(second)
    expect(await from(third, 'previous')).toBe(first)
    expect(await from('nothing')).toBe(third)
  })

  test('one’s own alone, but for admins', async () => {
    expect(await from(stranger, 'next', other)).toBeNull()
    expect(await from(stranger, 'next', admin)).toBe(ids[2])
    await expect(nextReview(desk, owner, { scope: 'all', after: '', way: 'next' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('goes on from one that is decided', async () => {
    const [first = '', second = '', third = ''] = ids
    await acceptJob(desk, owner, second, {})
    expect(await from(second)).toBe(first)
    expect(await from(third)).toBe(first)
  })
})

describeExceptOnServer('plans are explained on a copy of the file')('its statements', () => {
  let explainer: Client
  beforeAll(async () => {
    const copy = `${desk.db.path}.copy`
    await desk.db.copy(copy, { depth: 'quick' })
    explainer = createClient({ url: `file:${copy}`, intMode: 'number' })
  })
  afterAll(() => explainer.close())

  test('walk through nothing that grows, and sort nothing', async () => {
    const { client } = desk.db
    const seen = new Set<string>()
    const { execute } = client
    client.execute = ((each: { sql: string }) => {
      seen.add(each.sql)
      return (execute as (one: unknown) => Promise<unknown>).call(client, each)
    }) as unknown as typeof execute
    try {
      for (const actor of [owner, admin]) {
        for (const q of ['invoice', 'x', '01k00000000000', 'status:failed invoice'])
          await search(desk, actor, q)
        for (const way of ['next', 'previous'] as const)
          await nextReview(desk, actor, { scope: actor === admin ? 'all' : 'own', after: 'x', way })
      }
    } finally {
      client.execute = execute
    }
    expect(seen.size).toBeGreaterThan(8)
    const found: string[] = []
    for (const sql of seen)
      for (const step of await growingSteps(explainer, sql)) found.push(`${step} in: ${sql}`)
    expect(found).toEqual([])
  })
})
