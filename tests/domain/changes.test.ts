import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { editAgent } from '~/domain/agents/edit.server'
import { findAgent } from '~/domain/agents/queries.server'
import { changedRecord, changedSet, changedText, changedTime, changedWord } from '~/domain/changes.server'
import { Conflict } from '~/domain/errors'
import { editJob } from '~/domain/jobs/edit.server'
import type { JobChangeInput } from '~/domain/jobs/input'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { createSchedule } from '~/domain/schedules/create.server'
import { editSchedule } from '~/domain/schedules/edit.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { newTemplateInput } from '~/domain/templates/input'
import { createTemplate, editTemplate } from '~/domain/templates/save.server'
import { changeView, saveView } from '~/domain/views/save.server'
import { viewQuery } from '~/http/view-query.server'
import { addAgent, addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe('in words', () => {
  const lines = (...texts: string[]) => texts.join('\n')
  const long = `${'x'.repeat(199)}😀${'y'.repeat(100)}`
  test.each<[string[], string[]]>([
    [changedWord('priority', 0, 5), ['priority from 0 to 5']],
    [changedWord('priority', 5, 5), []],
    [changedWord('time limit', null, 60), ['time limit from none to 60']],
    [changedWord('shared', false, true), ['shared from no to yes']],
    [changedText('name', 'a', 'b'), ['name from “a” to “b”']],
    [changedText('name', '', 'b'), ['name from none to “b”']],
    [changedText('description', lines('a', 'b'), lines('a', 'c', 'd', 'e')), ['description (+3 / -1 lines)']],
    [changedText('description', lines('a', 'b'), lines('b', 'a')), ['description (lines reordered)']],
    [changedText('description', 'a', long), ['description (+1 / -1 lines)']],
    [changedRecord('metadata', { k: 'a' }, { k: long }), [`metadata k from “a” to “${'x'.repeat(199)}…”`]],
    [
      changedRecord('metadata', { a: '1', b: '2' }, { b: '2', c: '3' }),
      ['metadata a from “1” to none', 'metadata c from none to “3”'],
    ],
    [
      changedRecord('metadata', { api_key: 'a' }, { api_key: 'b' }),
      ['metadata api_key from “[redacted]” to “[redacted]”'],
    ],
    [changedText('name', 'a', 'use sk-abcdefghijklmnop now'), ['name from “a” to “use sk-[redacted] now”']],
    [changedSet('tags', ['a', 'b'], ['b', 'c']), ['tags (+c, -a)']],
    [
      changedTime('start time', null, Date.UTC(2031, 0, 1, 9)),
      ['start time from none to 2031-01-01 09:00 UTC'],
    ],
  ])('%j', (seen, expected) => expect(seen).toEqual(expected))
})

describe('on the record', () => {
  let at: TestDesk
  let owner: UserActor
  let admin: UserActor
  let painter: { id: string; name: string }
  beforeAll(async () => {
    at = await testDesk()
    owner = await addUser(at.desk, 'Olive')
    admin = await addUser(at.desk, 'Ada', 'ADMIN')
    painter = await findAgent(at.desk, (await addAgent(at.desk, 'Painter')).id)
  })
  afterAll(async () => {
    expect(await violations(at.desk.db)).toEqual([])
    await at.close()
  })

  const newest = async (id: string) =>
    (await jobLogs(at.desk, owner, id, { order: 'newest', limit: 1 })).rows[0]
  const audits = async (id: string) => {
    const sql = 'SELECT action, detail FROM audit WHERE subjectId = ? ORDER BY id'
    const rows = await at.desk.db.all<{ action: string; detail: string }>(sql, [id])
    return rows.map(({ action, detail }) => ({ action, ...(JSON.parse(detail) as { changed?: string[] }) }))
  }
  const whole = {
    ...{ name: 'A job', description: 'one\ntwo', acceptanceCriteria: 'It counts' },
    ...{ priority: 2, maxAttempts: 3, tags: ['a'], metadata: { k: 'v' } },
  }

  test('an edit that sends the whole job lists what differs, from what it was', async () => {
    const id = await handIn(at.desk, owner, whole)
    const sent = { ...whole, agentId: null, runAfter: null, timeoutSeconds: null, review: null }
    expect(await editJob(at.desk, owner, id, { ...sent, priority: 5 })).toMatchObject({
      version: 2,
      isChanged: true,
    })
    expect((await newest(id))?.message).toBe('Changed priority from 2 to 5.')
    const more: JobChangeInput = {
      ...{ name: 'Another', description: 'one\n2\n3', agentId: painter.id, review: 'none', tags: ['b'] },
      ...{ runAfter: Date.UTC(2031, 0, 1), metadata: null, priority: 5 },
    }
    await editJob(at.desk, admin, id, more)
    const changes = [
      'name from “A job” to “Another”',
      'description (+2 / -1 lines)',
      `agent from none to “${painter.name}”`,
      'start time from none to 2031-01-01 00:00 UTC',
      'review from required to none',
      'tags (+b, -a)',
      'metadata k from “v” to none',
    ]
    expect((await newest(id))?.message).toBe(`Changed ${changes.join(', ')}.`)
    expect(await findJob(at.desk, owner, id)).toMatchObject({ status: 'ASSIGNED', tags: ['b'], metadata: {} })
    expect(await audits(id)).toMatchObject([{ action: 'job.edit', changed: changes }])
  })

  test('an edit that changes nothing has no version and no log row, and is still refused where it may not be', async () => {
    const id = await handIn(at.desk, owner, whole)
    for (const same of [{}, whole, { ...whole, agentId: null, version: 1 }]) {
      expect(await editJob(at.desk, owner, id, same)).toMatchObject({ id, version: 1, isChanged: false })
    }
    expect((await newest(id))?.kind).toBe('create')
    const stranger = await addUser(at.desk, 'Sam')
    await expect(editJob(at.desk, stranger, id, whole)).rejects.toMatchObject({ code: 'not_found' })
    await expect(editJob(at.desk, owner, id, { ...whole, version: 3 })).rejects.toMatchObject({
      reason: 'stale_version',
    })
  })

  test('of many at the same moment each says what it found', async () => {
    const id = await handIn(at.desk, owner, { ...whole, priority: 0 })
    await Promise.all([1, 2, 3, 4].map((priority) => editJob(at.desk, owner, id, { priority })))
    const { rows } = await jobLogs(at.desk, owner, id, { limit: 100 })
    const steps = rows.slice(1).map(({ message }) =>
      /from (\d) to (\d)/
        .exec(message ?? '')
        ?.slice(1)
        .map(Number),
    )
    expect(steps).toHaveLength(4)
    let priority = 0
    for (const [from, to] of steps as [number, number][]) {
      expect(from).toBe(priority)
      priority = to
    }
    expect((await findJob(at.desk, owner, id)).priority).toBe(priority)
  })

  test('who edits an old version is told with old and new value', async () => {
    const id = await handIn(at.desk, owner, whole)
    await editJob(at.desk, admin, id, { name: 'Renamed' })
    const conflict = await editJob(at.desk, owner, id, { priority: 1, version: 1 }).catch(
      (error: unknown) => error,
    )
    expect(conflict).toBeInstanceOf(Conflict)
    expect(conflict).toMatchObject({
      changes: [{ what: 'Changed name from “A job” to “Renamed”.', who: 'Ada' }],
    })
  })

  test('an agent’s settings, whose secrets are never told', async () => {
    const config = { argv: ['node', 'a.mjs'], env: { A_KEY: 'secret-one', B: 'b' }, timeoutSeconds: 30 }
    const { id } = await addAgent(at.desk, 'Coder', { kind: 'command', config })
    const version = (await findAgent(at.desk, id)).version
    const masks = { A_KEY: '[secret]', B: '[secret]' }
    const shown = { ...config, env: masks, maxOutputBytes: 12_000_000 }
    expect((await editAgent(at.desk, admin, id, { name: 'Coder', config: shown })).version).toBe(version + 1)
    expect((await editAgent(at.desk, admin, id, { name: 'Coder', config: shown })).version).toBe(version + 1)
    const env = { A_KEY: 'secret-two', C: 'new-secret' }
    await editAgent(at.desk, admin, id, {
      concurrency: 7,
      takesUnassigned: false,
      config: { ...shown, env, timeoutSeconds: 60 },
    })
    const [, { changed = [] } = {}] = await audits(id)
    expect(changed).toEqual([
      'concurrency from 5 to 7',
      'takesUnassigned from yes to no',
      'env.A_KEY (replaced)',
      'env.B (removed)',
      'env.C (set)',
      'timeoutSeconds from 30 to 60',
    ])
    expect(await audits(id)).toHaveLength(2)
  })

  test('a template, a schedule and a view', async () => {
    const job = { name: 'Say {{topic}}', description: 'About {{topic}}', acceptanceCriteria: 'a' }
    const template = await createTemplate(at.desk, owner, newTemplateInput.parse({ name: 'T', job }))
    expect(await editTemplate(at.desk, owner, template.id, { name: 'T', job: template.job })).toEqual(
      template,
    )
    await editTemplate(at.desk, owner, template.id, {
      shared: true,
      job: { ...template.job, name: 'Say it', priority: 3, agentId: painter.id },
    })
    expect(await audits(template.id)).toMatchObject([
      {
        action: 'template.edit',
        changed: [
          'shared from no to yes',
          'the job’s name from “Say {{topic}}” to “Say it”',
          `agent from none to “${painter.name}”`,
          'priority from none to 3',
        ],
      },
    ])
    const timing = { name: 'S', templateId: template.id, values: { topic: 'x' }, cron: '@daily' }
    const schedule = await createSchedule(at.desk, owner, newScheduleInput.parse(timing))
    const { name, values, cron } = timing
    expect(await editSchedule(at.desk, owner, schedule.id, { name, values, cron })).toMatchObject({
      version: 1,
    })
    expect(await editSchedule(at.desk, owner, schedule.id, { name: 'S2' })).toMatchObject({ version: 2 })
    const view = await saveView(at.desk, owner, { name: 'V', scope: 'own', shared: false }, viewQuery('q=x'))
    expect(await changeView(at.desk, owner, view.id, { name: 'V' }, viewQuery('q=x'))).toEqual(view)
  })
})
