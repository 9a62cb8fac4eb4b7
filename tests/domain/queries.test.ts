import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listUsers } from '~/domain/accounts/users.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { record } from '~/domain/audit.server'
import { listAudit } from '~/domain/audit-queries.server'
import { encodeCursor } from '~/domain/cursor'
import { Invalid, NotFound } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJobs } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { olderThan } from '~/domain/jobs/log-cursor'
import { purgeJob } from '~/domain/jobs/purge.server'
import {
  findJob,
  findJobRecord,
  jobAttempts,
  jobCounts,
  jobLogs,
  lastSeqOfJob,
  listJobs,
  type Page,
} from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let admin: UserActor
  let stranger: UserActor

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    admin = await addUser(desk, 'Ada', 'ADMIN')
    stranger = await addUser(desk, 'Sam')
  })
  afterAll(() => stage.close())

  const input = { name: 'A job', description: 'd', acceptanceCriteria: 'c' }
  const idsOf = (page: Page<{ id: string }>) => page.rows.map(({ id }) => id)

  /** Walks from a first page to the end by `nextCursor`, and back by `prevCursor`. */
  async function walk<Row>(
    read: (cursor: string | null) => Promise<Page<Row>>,
    keyOf: (row: Row) => unknown,
  ) {
    const there: unknown[][] = []
    let page = await read(null)
    expect(page.prevCursor).toBeNull()
    for (;;) {
      there.push(page.rows.map(keyOf))
      if (!page.nextCursor) break
      page = await read(page.nextCursor)
    }
    const back: unknown[][] = [page.rows.map(keyOf)]
    while (page.prevCursor) {
      page = await read(page.prevCursor)
      back.unshift(page.rows.map(keyOf))
    }
    return { there, back }
  }

  describe('the list', () => {
    test('sixty jobs of one millisecond come once each, newest first, both ways, whatever the page', async () => {
      const owner = await addUser(desk, 'Olive')
      const ids = await createJobs(desk, owner, Array(60).fill(input))
      const newestFirst = ids.toReversed()
      for (const limit of [1, 7, 25, 59, 60, 61, 100]) {
        const read = (cursor: string | null) => listJobs(desk, owner, { scope: 'own', limit, cursor })
        const { there, back } = await walk(read, ({ id }) => id)
        expect(there.flat()).toEqual(newestFirst)
        expect(back).toEqual(there)
        expect(there).toHaveLength(Math.ceil(60 / limit))
        expect(there.slice(0, -1).every((each) => each.length === limit)).toBe(true)
      }
    })

    test('what comes meanwhile does not shift the pages behind', async () => {
      const owner = await addUser(desk, 'Olive')
      const ids = await createJobs(desk, owner, Array(6).fill(input))
      const first = await listJobs(desk, owner, { scope: 'own', limit: 3 })
      stage.advance(1)
      const newer = await handIn(desk, owner)
      const second = await listJobs(desk, owner, { scope: 'own', limit: 3, cursor: first.nextCursor })
      expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.toReversed())
      const back = await listJobs(desk, owner, { scope: 'own', limit: 3, cursor: second.prevCursor })
      expect(idsOf(back)).toEqual(idsOf(first))
      const top = await listJobs(desk, owner, { scope: 'own', limit: 3, cursor: back.prevCursor })
      expect(idsOf(top)).toEqual([newer])
      expect(top.prevCursor).toBeNull()
    })

    test('nobody there: one empty page', async () => {
      const owner = await addUser(desk, 'Olive')
      expect(await listJobs(desk, owner, { scope: 'own' })).toEqual({
        rows: [],
        nextCursor: null,
        prevCursor: null,
        searchedTo: null,
      })
    })

    test('by status, with cursors of its own', async () => {
      const owner = await addUser(desk, 'Olive')
      const ids = await createJobs(desk, owner, Array(9).fill(input))
      for (const id of ids.slice(0, 5)) await cancelJob(desk, owner, id, {})
      const read = (status: JobStatus) => (cursor: string | null) =>
        listJobs(desk, owner, { scope: 'own', filter: { statuses: [status] }, limit: 2, cursor })
      const canceled = await walk(read('CANCELED'), ({ id }) => id)
      expect(canceled.there).toEqual(canceled.back)
      expect(canceled.there.flat()).toEqual(ids.slice(0, 5).toReversed())
      expect((await walk(read('PENDING'), ({ id }) => id)).there.flat()).toEqual(ids.slice(5).toReversed())
      expect((await read('FAILED')(null)).rows).toEqual([])
    })

    test('archived jobs are left out, their page stays, and a resubmission brings them back', async () => {
      const owner = await addUser(desk, 'Olive')
      const [kept, archived] = (await createJobs(desk, owner, [input, input])) as [string, string]
      await cancelJob(desk, owner, archived, {})
      await archiveJob(desk, owner, archived, {})
      expect(idsOf(await listJobs(desk, owner, { scope: 'own' }))).toEqual([kept])
      expect(
        idsOf(await listJobs(desk, owner, { scope: 'own', filter: { statuses: ['CANCELED'] } })),
      ).toEqual([])
      expect((await findJob(desk, owner, archived)).archivedAt).toBe(desk.now())
      await resubmitJob(desk, owner, archived, {})
      expect(idsOf(await listJobs(desk, owner, { scope: 'own' })).toSorted()).toEqual(
        [kept, archived].toSorted(),
      )
    })

    test("an admin sees everyone's, anyone else only their own", async () => {
      const owner = await addUser(desk, 'Olive')
      const id = await handIn(desk, owner)
      expect(idsOf(await listJobs(desk, admin, { scope: 'all', limit: 100 }))).toContain(id)
      expect(idsOf(await listJobs(desk, admin, { scope: 'own' }))).toEqual([])
      await expect(listJobs(desk, owner, { scope: 'all' })).rejects.toThrow(NotFound)
      await expect(jobCounts(desk, owner, 'all')).rejects.toThrow(NotFound)
      expect(idsOf(await listJobs(desk, stranger, { scope: 'own' }))).not.toContain(id)
    })

    test("a cursor from somebody else's list shows nothing of it", async () => {
      const [owner, other] = [await addUser(desk, 'Olive'), await addUser(desk, 'Otto')]
      await createJobs(desk, owner, Array(4).fill(input))
      const { nextCursor } = await listJobs(desk, owner, { scope: 'own', limit: 2 })
      expect(idsOf(await listJobs(desk, other, { scope: 'own', cursor: nextCursor }))).toEqual([])
    })

    const foreign = {
      'no base64': '%%%',
      'no JSON': Buffer.from('not json').toString('base64url'),
      'no list': Buffer.from('{"a":1}').toString('base64url'),
      null: Buffer.from('null').toString('base64url'),
      'another list': encodeCursor('log', { key: [3], direction: 'next' }),
      "everyone's, of the same keys": encodeCursor('all-jobs', {
        key: ['-createdAt', 1, 'a'],
        direction: 'next',
      }),
      'another order': encodeCursor('own-jobs', { key: ['createdAt', 1, 'a'], direction: 'next' }),
      'of no list': Buffer.from('["n",1,"a"]').toString('base64url'),
      'wrong types': encodeCursor('own-jobs', { key: ['-createdAt', '1', 2], direction: 'next' }),
      'no direction': Buffer.from('["own-jobs","x","-createdAt",1,"a"]').toString('base64url'),
      'a statement': Buffer.from(`["own-jobs","n","-createdAt",1,{"a":"'; DROP TABLE jobs"}]`).toString(
        'base64url',
      ),
    }
    test('no list takes the cursor of another', async () => {
      const admin = await addUser(desk, 'Ada', 'ADMIN')
      await addUser(desk, 'Bob')
      await createJobs(desk, admin, Array(2).fill(input))
      const [id = ''] = idsOf(await listJobs(desk, admin, { scope: 'own' }))
      await editJob(desk, admin, id, { name: 'Another' })
      for (let n = 0; n < 2; n++) await record(desk, { actor: admin, action: 'sign-in' })
      const lists: Record<string, (cursor: string | null) => Promise<{ nextCursor: string | null }>> = {
        own: (cursor) => listJobs(desk, admin, { scope: 'own', limit: 1, cursor }),
        all: (cursor) => listJobs(desk, admin, { scope: 'all', limit: 1, cursor }),
        log: (cursor) => jobLogs(desk, admin, id, { limit: 1, cursor }),
        'log, newest first': (cursor) => jobLogs(desk, admin, id, { limit: 1, order: 'newest', cursor }),
        users: (cursor) => listUsers(desk, admin, { limit: 1, cursor }),
        'users by email': (cursor) => listUsers(desk, admin, { limit: 1, search: '0', cursor }),
        audit: (cursor) => listAudit(desk, admin, { limit: 1, cursor }),
      }
      for (const [from, list] of Object.entries(lists)) {
        const { nextCursor } = await list(null)
        expect(nextCursor, from).not.toBeNull()
        for (const [to, other] of Object.entries(lists)) {
          const answer = await other(nextCursor).catch((error: unknown) => error)
          if (to === from) expect(answer, from).toHaveProperty('rows')
          else expect((answer as Invalid).fields, `${from} to ${to}`).toHaveProperty('cursor')
        }
      }
    })

    test.each(Object.entries(foreign))('a foreign cursor is refused: %s', async (_, cursor) => {
      const owner = await addUser(desk, 'Olive')
      const refused = await listJobs(desk, owner, { scope: 'own', cursor }).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(Invalid)
      expect((refused as Invalid).fields).toHaveProperty('cursor')
    })
  })

  describe('the counts', () => {
    test('follow every change: hand-in, transition, archive, resubmission, purge', async () => {
      const owner = await addUser(desk, 'Olive')
      const none = Object.fromEntries(jobStatuses.map((status) => [status, 0]))
      const counts = () => jobCounts(desk, owner, 'own')
      const everyones = await jobCounts(desk, admin, 'all')
      expect(await counts()).toEqual(none)
      const agent = await addAgent(desk, 'Agent')
      const [first] = await createJobs(desk, owner, [{ ...input, agentId: agent.id }, input, input])
      expect(await counts()).toEqual({ ...none, PENDING: 2, ASSIGNED: 1 })
      const [held] = await claim(desk, agent, 1, false)
      expect(await counts()).toEqual({ ...none, PENDING: 2, IN_PROGRESS: 1 })
      await submitAttempt(desk, agent, (held as NonNullable<typeof held>).lease, { result: '1' })
      await acceptJob(desk, owner, first as string, {})
      expect(await counts()).toEqual({ ...none, PENDING: 2, COMPLETED: 1 })
      await archiveJob(desk, owner, first as string, {})
      expect(await counts()).toEqual({ ...none, PENDING: 2 })
      await resubmitJob(desk, owner, first as string, {})
      expect(await counts()).toEqual({ ...none, PENDING: 2, ASSIGNED: 1 })
      await cancelJob(desk, owner, first as string, {})
      await purgeJob(desk, admin, first as string)
      expect(await counts()).toEqual({ ...none, PENDING: 2 })
      expect(await jobCounts(desk, admin, 'all')).toEqual({ ...everyones, PENDING: everyones.PENDING + 2 })
    })
  })

  describe('one job', () => {
    test('a stranger can not tell it from one that is not there', async () => {
      const owner = await addUser(desk, 'Olive')
      const id = await handIn(desk, owner)
      const reads = [
        findJob,
        jobAttempts,
        findJobRecord,
        (...[d, a, i]: Parameters<typeof findJob>) => jobLogs(d, a, i, {}),
      ]
      for (const read of reads) {
        const messages = []
        for (const asked of [id, '01nowhere', '', "' OR 1=1 --"]) {
          const refused = await read(desk, stranger, asked).catch((error: unknown) => error)
          expect(refused).toBeInstanceOf(NotFound)
          messages.push((refused as Error).message)
        }
        expect(new Set(messages).size).toBe(1)
        await expect(read(desk, owner, id)).resolves.toBeDefined()
        await expect(read(desk, admin, id)).resolves.toBeDefined()
      }
    })

    test('its attempts in short: long texts only of the newest', async () => {
      const owner = await addUser(desk, 'Olive')
      const agent = await addAgent(desk, 'Agent')
      const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 3 })
      for (let n = 0; n < 2; n++) {
        const [held] = await claim(desk, agent, 1, false)
        const { lease } = held as NonNullable<typeof held>
        await failAttempt(desk, agent, lease, { reason: 'x'.repeat(9000), retryable: true })
        stage.advance(3_600_000)
      }
      const { attempts } = await findJobRecord(desk, owner, id)
      const [first, second] = attempts
      const [, whole] = (await jobAttempts(desk, owner, id)).rows
      expect([first?.error?.length, second?.error?.length]).toEqual([500, whole?.error?.length])
      const { result: _, resultBytes: __, ...short } = whole as NonNullable<typeof whole>
      expect(second).toEqual({ ...short, unsubmittedBytes: null })
    })

    test('the page before any row of its log', async () => {
      const owner = await addUser(desk, 'Olive')
      const id = await handIn(desk, owner)
      await cancelJob(desk, owner, id, {})
      const { rows } = await jobLogs(desk, owner, id, { order: 'newest', cursor: olderThan(2) })
      expect(rows.map((row) => row.number)).toEqual([1])
    })

    test('its log by pages, both ways and in both orders, with names', async () => {
      const owner = await addUser(desk, 'Olive')
      const agent = await addAgent(desk, 'Agent')
      const id = await handIn(desk, owner, { agentId: agent.id })
      const [held] = await claim(desk, agent, 1, false)
      const { lease } = held as NonNullable<typeof held>
      const said = Array.from({ length: 20 }, (_, n) => ({ kind: 'message' as const, message: `line ${n}` }))
      await recordEvents(desk, agent.id, lease, said)
      await failAttempt(desk, agent, lease, { reason: 'broke', retryable: false })
      for (const order of ['oldest', 'newest'] as const) {
        for (const limit of [1, 5, 23, 100]) {
          const read = (cursor: string | null) => jobLogs(desk, owner, id, { order, limit, cursor })
          const { there, back } = await walk(read, ({ number }) => number)
          const numbers = Array.from({ length: 23 }, (_, n) => n + 1)
          expect(there.flat()).toEqual(order === 'oldest' ? numbers : numbers.toReversed())
          expect(back).toEqual(there)
        }
      }
      const { rows } = await jobLogs(desk, owner, id, { limit: 100 })
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).toSorted((a, b) => a - b))
      expect(rows[0]).toMatchObject({
        kind: 'create',
        actorName: 'Olive',
        agentId: agent.id,
        status: 'ASSIGNED',
      })
      expect(rows[2]).toMatchObject({ kind: 'message', message: 'line 0', attempt: 1, status: 'IN_PROGRESS' })
      expect(rows.at(-1)).toMatchObject({ kind: 'fail', status: 'FAILED', agentId: agent.id, attempt: 1 })
      expect(await lastSeqOfJob(desk, owner, id)).toBe(rows.at(-1)?.seq)
      await expect(jobLogs(desk, owner, id, { cursor: 'abc' })).rejects.toThrow(Invalid)
    })
  })
})
