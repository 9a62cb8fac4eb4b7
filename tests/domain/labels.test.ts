import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { submitAttempt } from '~/domain/attempts/settle.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { editJob } from '~/domain/jobs/edit.server'
import { jobChangeInput, type TagChange, tagChangeInput } from '~/domain/jobs/input'
import { mostTags } from '~/domain/jobs/labels'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { tagJob, tagMove } from '~/domain/jobs/tag.server'
import { transition } from '~/domain/jobs/transition.server'
import type { UserActor } from '~/domain/policy'
import { metadataText, tagsText } from '~/ui/label-text'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe('what is typed', () => {
  const read = (given: object) => {
    const parsed = tagChangeInput.safeParse(given)
    if (parsed.success) return parsed.data
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  }

  test('forms send texts, scripts arrays and objects: both are kept the same', () => {
    expect(read({ tags: ' Billing, q3/urgent  billing', metadata: 'ticket = 4711\n\nnote=a=b' })).toEqual({
      tags: ['billing', 'q3/urgent'],
      metadata: { note: 'a=b', ticket: '4711' },
    })
    expect(read({ tags: ['Zoë', 'a', 'A'], metadata: { n: 1.5, is: true, note: ' x ' } })).toEqual({
      tags: ['a', 'zoë'],
      metadata: { is: 'true', n: '1.5', note: 'x' },
    })
    expect(read({ tags: null, metadata: null })).toEqual({ tags: null, metadata: null })
    expect(read({})).toEqual({})
  })

  test('what is shown in the field is read as the same again', () => {
    const tags = ['a', 'b/c', 'd.e']
    const metadata = { a: '=1', b: '', 'c.d': 'x = y' }
    expect(read({ tags: tagsText(tags), metadata: metadataText(metadata) })).toEqual({ tags, metadata })
  })

  test.each<[string, object, string]>([
    ['a word that is no tag', { tags: 'fine, no!' }, 'tags: A tag is up to 50 letters'],
    ['a tag of 51 letters', { tags: ['a'.repeat(51)] }, 'tags: A tag is up to 50 letters'],
    ['something else', { tags: [1] }, 'tags: Tags are an array of words.'],
    ['21 tags', { tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 'tags: At most 20 tags.'],
    ['a line without =', { metadata: 'a=1\nhello' }, 'metadata: Give each line as key=value.'],
    ['a key with a space', { metadata: 'a b=1' }, 'metadata: A key is up to 50'],
    ['a value of two lines', { metadata: { a: 'x\ny' } }, 'metadata: A value is one line'],
    ['a value of 501 characters', { metadata: { a: 'x'.repeat(501) } }, 'metadata: A value has at most 500'],
    ['an array', { metadata: ['a'] }, 'metadata: Metadata is an object of texts.'],
    [
      '21 keys',
      { metadata: Array.from({ length: 21 }, (_, n) => `k${n}=1`).join('\n') },
      'metadata: At most 20',
    ],
  ])('%s is refused at its field', (_, given, why) => {
    expect(read(given)).toEqual([expect.stringContaining(why)])
    expect(jobChangeInput.safeParse(given).success).toBe(false)
  })
})

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let desk: TestDesk['desk']
  let close: TestDesk['close']
  let owner: UserActor
  let admin: UserActor
  let agent: AgentActor

  beforeAll(async () => {
    ;({ desk, close } = await testDesk(on))
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
    agent = await addAgent(desk, 'Agent', { concurrency: 50 })
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await close()
  })

  const tagsOf = async (id: string) => (await findJob(desk, owner, id)).tags
  const lastLog = async (id: string) =>
    (await jobLogs(desk, owner, id, { order: 'newest', limit: 1 })).rows[0]

  test('a job is handed in with them, edited, and keeps those that are not spoken of', async () => {
    const id = await handIn(desk, owner, { tags: ['billing'], metadata: { ticket: '4711' } })
    expect(await findJob(desk, owner, id)).toMatchObject({ tags: ['billing'], metadata: { ticket: '4711' } })
    await editJob(desk, owner, id, { priority: 3 })
    expect(await findJob(desk, owner, id)).toMatchObject({ tags: ['billing'], metadata: { ticket: '4711' } })
    await editJob(desk, owner, id, { tags: null, metadata: { a: 'b' } })
    expect(await findJob(desk, owner, id)).toMatchObject({ tags: [], metadata: { a: 'b' } })
  })

  test.each<[TagChange, string[], Record<string, string>, string]>([
    [{ tags: ['x'] }, ['x'], { k: 'v' }, 'Removed the tags a, m. Tagged x.'],
    [{ tags: null }, [], { k: 'v' }, 'Removed the tags a, m.'],
    [{ add: ['z', 'b'] }, ['a', 'b', 'm', 'z'], { k: 'v' }, 'Tagged z, b.'],
    [{ remove: ['a'] }, ['m'], { k: 'v' }, 'Removed the tag a.'],
    [{ remove: ['a', 'm'], add: ['m'] }, ['m'], { k: 'v' }, 'Removed the tag a.'],
    [{ tags: ['c'], add: ['b'] }, ['b', 'c'], { k: 'v' }, 'Removed the tags a, m. Tagged c, b.'],
    [
      { metadata: { k: '2', c: '3' } },
      ['a', 'm'],
      { k: '2', c: '3' },
      'Changed metadata c from none to “3”, metadata k from “v” to “2”.',
    ],
    [{ metadata: null, tags: [] }, [], {}, 'Removed the tags a, m. Changed metadata k from “v” to none.'],
    [
      { tags: ['m', 'a'], metadata: { k: 'w' } },
      ['a', 'm'],
      { k: 'w' },
      'Changed metadata k from “v” to “w”.',
    ],
    [{ add: ['a', 'x'], remove: ['y'] }, ['a', 'm', 'x'], { k: 'v' }, 'Tagged x.'],
  ])('%j', async (change, tags, metadata, message) => {
    const id = await handIn(desk, owner, { tags: ['a', 'm'], metadata: { k: 'v' } })
    await tagJob(desk, owner, id, change)
    const job = await findJob(desk, owner, id)
    expect([job.tags, job.metadata, job.version]).toEqual([tags, metadata, 2])
    const log = await lastLog(id)
    expect(log).toMatchObject({ kind: 'tag', message, version: 2, actorId: owner.id })
    expect(JSON.parse(log?.requestPayload ?? '')).toEqual(change)
  })

  test.each<TagChange>([
    {},
    { tags: ['m', 'a'] },
    { add: ['a'], remove: ['x'] },
    { tags: ['a', 'm'], metadata: { k: 'v' }, version: 1 },
  ])('%j changes nothing: no version, no log row', async (change) => {
    const id = await handIn(desk, owner, { tags: ['a', 'm'], metadata: { k: 'v' } })
    expect(await tagJob(desk, owner, id, change)).toMatchObject({ id, version: 1, isChanged: false })
    expect((await lastLog(id))?.kind).toBe('create')
    await expect(tagJob(desk, owner, id, { ...change, version: 7 })).rejects.toMatchObject({
      reason: 'stale_version',
    })
  })

  test('an agent at work goes on: its lease, its attempt and its result are as they were', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id })
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('not claimed')
    await tagJob(desk, owner, id, { add: ['urgent'] })
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_PROGRESS', tags: ['urgent'] })
    await submitAttempt(desk, agent, held.lease, { result: '"done"' })
    expect(await findJob(desk, owner, id)).toMatchObject({
      status: 'IN_REVIEW',
      result: '"done"',
      tags: ['urgent'],
      attemptCount: 1,
    })
  })

  test('an agent is told them', async () => {
    await handIn(desk, owner, { agentId: agent.id, tags: ['billing'], metadata: { ticket: '4711' } })
    const [held] = await claim(desk, agent, 1, false)
    expect(held?.job).toMatchObject({ tags: ['billing'], metadata: { ticket: '4711' } })
  })

  test('one that is closed and archived takes them and stays where it is', async () => {
    const id = await handIn(desk, owner)
    await cancelJob(desk, owner, id, {})
    await archiveJob(desk, owner, id, {})
    const before = await findJob(desk, owner, id)
    await tagJob(desk, owner, id, { tags: ['kept'] })
    expect(await findJob(desk, owner, id)).toMatchObject({
      status: 'CANCELED',
      archivedAt: before.archivedAt,
      closedAt: before.closedAt,
      tags: ['kept'],
    })
  })

  test('by an admin it is in the audit, by the owner it is not', async () => {
    const id = await handIn(desk, owner)
    await tagJob(desk, owner, id, { add: ['mine'] })
    await tagJob(desk, admin, id, { add: ['theirs'] })
    const rows = await desk.db.all<{ action: string; actorId: string; detail: string }>(
      'SELECT action, actorId, detail FROM audit WHERE subjectId = ?',
      [id],
    )
    expect(rows).toMatchObject([{ action: 'job.tag', actorId: admin.id }])
    expect(JSON.parse(rows[0]?.detail ?? '')).toMatchObject({
      tags: ['mine', 'theirs'],
      changed: ['tags (+theirs)'],
      version: 3,
    })
  })

  test('of an old version: refused, with what happened since', async () => {
    const id = await handIn(desk, owner)
    await tagJob(desk, owner, id, { add: ['one'] })
    await expect(tagJob(desk, owner, id, { add: ['two'], version: 1 })).rejects.toMatchObject({
      reason: 'stale_version',
      changes: [{ what: 'Tagged one.' }],
    })
    expect(await tagsOf(id)).toEqual(['one'])
  })

  const full = Array.from({ length: mostTags }, (_, n) => `t${String(n).padStart(2, '0')}`)

  test('never more than a job may have', async () => {
    const id = await handIn(desk, owner, { tags: full })
    await expect(tagJob(desk, owner, id, { add: ['more'] })).rejects.toMatchObject({
      fields: { add: ['A job has at most 20 tags.'] },
    })
    expect(await tagJob(desk, owner, id, { add: ['t00'] })).toMatchObject({ isChanged: false })
    await tagJob(desk, owner, id, { add: ['more'], remove: ['t19'] })
    expect(await tagsOf(id)).toEqual(['more', ...full.slice(0, -1)])
  })

  test('many jobs at once: each gets it beside its own, a full one is left as it is', async () => {
    const ids = await Promise.all([[], ['b', 'z'], ['x'], full].map((tags) => handIn(desk, owner, { tags })))
    const moved = await transition(desk, { ...tagMove({ add: 'x' }), ids, actor: owner })
    expect(moved.map(({ id }) => id).sort()).toEqual(ids.slice(0, 3).sort())
    expect(await Promise.all(ids.map(tagsOf))).toEqual([['x'], ['b', 'x', 'z'], ['x'], full])
    const away = await transition(desk, { ...tagMove({ remove: 'x' }), ids, actor: owner })
    expect(away).toHaveLength(4)
    expect(await Promise.all(ids.map(tagsOf))).toEqual([[], ['b', 'z'], [], full])
    expect((await lastLog(ids[1] as string))?.message).toBe('Removed the tag x.')
  })

  test('of two at the same moment neither is lost', async () => {
    const id = await handIn(desk, owner)
    await Promise.all(['a', 'b', 'c', 'd'].map((tag) => tagJob(desk, owner, id, { add: [tag] })))
    expect(await tagsOf(id)).toEqual(['a', 'b', 'c', 'd'])
  })
})
