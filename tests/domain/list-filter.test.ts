import { afterAll, beforeAll, expect, test } from 'vitest'
import { NotFound } from '~/domain/errors'
import type { ListQuestion } from '~/domain/jobs/list-filter'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { listSurroundings } from '~/domain/jobs/surroundings.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let desk: TestDesk['desk']
let owner: UserActor
let admin: UserActor
let agent: AgentActor
let agentName: string
beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agent = await addAgent(desk, 'Tool box')
  agentName = `Tool box ${agent.id.slice(-8)}`
})
afterAll(() => stage.close())

const day = 86_400_000
const all = (question: ListQuestion) => readJobFilter(desk, admin, 'all', question)
const own = (question: ListQuestion) => readJobFilter(desk, owner, 'own', question)

test('nothing asked: everything, newest first', async () => {
  const names = { agentName: null, ownerEmail: null }
  expect(await own({})).toEqual({ filter: {}, sort: '-createdAt', names, errors: {} })
})

test('the box and the plain parameters must both hold', async () => {
  const read = await own({
    ...{
      q: 'status:open priority:<5 tag:b word',
      status: ['failed', 'In_Review'],
      priority: '>2',
      tag: ['A'],
    },
    ...{ created: '7d', updated: '2026-01-01', sort: 'name' },
  })
  expect(read.errors).toEqual({})
  expect(read.sort).toBe('name')
  expect(read.filter).toEqual({
    statuses: ['IN_REVIEW'],
    priority: { min: 3, max: 4 },
    tags: ['a', 'b'],
    created: { from: desk.now() - 7 * day },
    updated: { from: desk.now(), to: desk.now() + day },
    text: [{ text: 'word', phrase: false, negated: false }],
  })
})

test('days are those of who asks, or of the zone that is named', async () => {
  const from = async (question: ListQuestion, zone?: string) => {
    const { filter, errors } = await readJobFilter(desk, owner, 'own', question, zone)
    return { from: filter.created?.from ?? filter.updated?.from, errors }
  }
  const kolkata = { from: Date.UTC(2025, 11, 31, 18, 30), errors: {} }
  const utc = { from: Date.UTC(2026, 0, 1), errors: {} }
  const named = { created: '2026-01-01', timeZone: 'asia/kolkata' }
  expect(await from({ created: '2026-01-01' })).toEqual(utc)
  expect(await from({ created: '2026-01-01' }, 'Asia/Kolkata')).toEqual(kolkata)
  expect(await from({ q: 'updated:2026-01-01' }, 'Asia/Kolkata')).toEqual(kolkata)
  expect(await from(named)).toEqual(kolkata)
  expect(await from(named, 'America/New_York')).toEqual(kolkata)
  expect((await from({ timeZone: 'Mars/Olympus' })).errors).toEqual({
    timeZone: ['There is no such time zone. Give an IANA name, such as Europe/Berlin.'],
  })
})

test('agents by id and by name in any case, owners by address and by id', async () => {
  for (const asked of [agent.id, agentName, agentName.toUpperCase()]) {
    for (const question of [{ agent: asked }, { q: `agent:"${asked}"` }]) {
      expect(await own(question)).toMatchObject({
        filter: { agentId: agent.id },
        names: { agentName },
        errors: {},
      })
    }
  }
  expect(await own({ agent: 'none' })).toMatchObject({
    filter: { agentId: 'none' },
    names: { agentName: null },
  })
  for (const asked of [owner.id, `${owner.id.toUpperCase()}@Example.com`]) {
    expect(await all({ owner: asked })).toMatchObject({
      ...{ filter: { ownerId: owner.id }, names: { ownerEmail: `${owner.id}@example.com` }, errors: {} },
    })
  }
})

test('excluded agents and owners are looked up too, and one that is unknown is told', async () => {
  const q = `-agent:"${agentName.toUpperCase()}" -agent:none -owner:${owner.id}@example.com -tag:A -tag:a`
  expect(await all({ q, agent: agent.id })).toMatchObject({
    filter: {
      agentId: agent.id,
      without: { agents: [agent.id, 'none'], owners: [owner.id], tags: ['a'] },
    },
    names: { agentName, ownerEmail: null },
    errors: {},
  })
  const unknown = await all({ q: '-agent:nobody -owner:nobody@example.com' })
  expect(unknown.errors).toEqual({
    q: ['There is no agent “nobody”.', 'Nobody here has the address “nobody@example.com”.'],
  })
  expect(unknown.filter.without).toEqual({ agents: [], owners: [] })
  expect((await own({ q: `-owner:${admin.id}` })).errors).toHaveProperty('q')
})

test.each([
  [{ status: ['nope'] }, 'status'],
  [{ priority: '12' }, 'priority'],
  [{ created: 'soon' }, 'created'],
  [{ updated: '2026-13-01' }, 'updated'],
  [{ sort: 'owner' }, 'sort'],
  [{ agent: 'nobody' }, 'agent'],
  [{ q: 'agent:nobody' }, 'q'],
  [{ owner: 'nobody@example.com' }, 'owner'],
  [{ owner: 'nobody' }, 'owner'],
  [{ q: 'stauts:failed' }, 'q'],
  [{ agent: 'none', q: 'agent:x' }, 'agent'],
  [{ tag: Array(31).fill('x') }, 'tag'],
  [{ tag: ['x'.repeat(2000)] }, 'tag'],
] as [ListQuestion, string][])('%o is told by its parameter', async (question, field) => {
  const { errors } = await all(question)
  expect(Object.keys(errors)).toEqual([field])
  expect(errors[field]?.[0]).toMatch(/\.$|”\.$/)
})

test('one’s own jobs have no other owner, and everyone’s are the admins’', async () => {
  expect((await own({ owner: admin.id })).errors).toHaveProperty('owner')
  expect((await own({ q: `owner:${admin.id}` })).errors).toHaveProperty('q')
  await expect(readJobFilter(desk, owner, 'all', {})).rejects.toThrow(NotFound)
  await expect(listSurroundings(desk, owner, 'all', {})).rejects.toThrow(NotFound)
})

test('what is around a list: counters where they tell of it, agents, views', async () => {
  await handIn(desk, owner)
  const view = (id: string, ownerId: string, scope: string, shared: number) => ({
    sql: `INSERT INTO saved_views (id, ownerId, name, scope, query, shared, createdAt, updatedAt)
      VALUES (?, ?, ?, ?, 'q=x', ?, 1, 1)`,
    args: [id, ownerId, `View ${id}`, scope, shared],
  })
  await desk.db.write({
    repeatable: true,
    statements: [
      view('mine', owner.id, 'own', 0),
      view('shared', admin.id, 'own', 1),
      view('private', admin.id, 'own', 0),
      view('desk', admin.id, 'all', 1),
    ],
  })
  const around = await listSurroundings(desk, owner, 'own', { statuses: ['FAILED'] })
  expect(around.counts).toMatchObject({ PENDING: 1, FAILED: 0 })
  expect(around.agents).toEqual([{ id: agent.id, name: agentName, state: 'ACTIVE' }])
  expect(around.views).toEqual([
    { id: 'mine', name: 'View mine', query: 'q=x', shared: false, mine: true, ownerName: 'Olive' },
    { id: 'shared', name: 'View shared', query: 'q=x', shared: true, mine: false, ownerName: 'Ada' },
  ])
  expect((await listSurroundings(desk, owner, 'own', { tags: ['x'] })).counts).toBeNull()
  const desks = await listSurroundings(desk, admin, 'all', { ownerId: owner.id })
  expect(desks.counts).toMatchObject({ PENDING: 1 })
  expect(desks.views.map(({ id }) => id)).toEqual(['desk'])
})
