import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAdmin, removeAdmin } from '~/domain/accounts/admins.server'
import { changePassword } from '~/domain/accounts/change-password.server'
import { disableUser } from '~/domain/accounts/disable.server'
import { invite, withdrawInvitation } from '~/domain/accounts/invite.server'
import { findSession } from '~/domain/accounts/sessions.server'
import { signIn } from '~/domain/accounts/sign-in.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import { pauseAgent } from '~/domain/agents/pause.server'
import { record } from '~/domain/audit.server'
import { type AuditAction, allAuditActions } from '~/domain/audit-actions'
import { auditFilterInput } from '~/domain/audit-input'
import { listAudit } from '~/domain/audit-queries.server'
import type { AuditFilter } from '~/domain/audit-view'
import type { Desk } from '~/domain/desk'
import { Forbidden, Invalid } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { system, type UserActor } from '~/domain/policy'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { filesIn } from '../support/imports'

const password = 'seven green bottles'
let desk: Desk
let stage: TestDesk
let ada: UserActor
let bob: UserActor

async function open(on: 'file' | 'server') {
  stage = await testDesk(on)
  desk = stage.desk
  ada = { ...(await addUser(desk, 'Ada', 'ADMIN')), address: '192.0.2.1' }
  bob = { ...(await addUser(desk, 'Bob')), address: '192.0.2.2' }
}

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  describe('narrowed', () => {
    const actions: AuditAction[] = ['sign-in', 'token.create', 'agent.pause']
    /** 60 rows: by Ada, Bob and Docket in turn, of three actions, about two things, a minute apart, in pairs at once. */
    beforeAll(async () => {
      await open(on)
      for (let n = 0; n < 60; n++) {
        if (n % 2 === 0) stage.advance(60_000)
        await record(desk, {
          actor: [ada, bob, system][n % 3] as UserActor,
          action: actions[Math.floor(n / 3) % 3] as AuditAction,
          subject: { kind: 'agent', id: `thing-${n % 2}` },
          detail: { n },
        })
      }
    })
    afterAll(() => stage.close())

    const numbers = (rows: { detail: Record<string, unknown> | null }[]) =>
      rows.map(({ detail }) => detail?.n)
    const start = Date.UTC(2026, 0, 1)
    const filters: [string, () => AuditFilter, (n: number) => boolean][] = [
      ['nothing', () => ({}), () => true],
      ['a person by address', () => ({ actor: `${ada.id}@example.com` }), (n) => n % 3 === 0],
      ['a person by id', () => ({ actor: bob.id }), (n) => n % 3 === 1],
      ['Docket itself', () => ({ actor: 'system' }), (n) => n % 3 === 2],
      ['nobody known', () => ({ actor: 'nobody@example.com' }), () => false],
      ['an action', () => ({ action: 'token.create' }), (n) => Math.floor(n / 3) % 3 === 1],
      ['a person and an action', () => ({ actor: ada.id, action: 'sign-in' }), (n) => n % 9 === 0],
      ['a subject', () => ({ subject: 'thing-1' }), (n) => n % 2 === 1],
      [
        'a subject, a person and an action',
        () => ({ subject: 'thing-0', actor: ada.id, action: 'sign-in' }),
        (n) => n % 18 === 0,
      ],
      ['a time', () => ({ from: start + 5 * 60_000, until: start + 8 * 60_000 }), (n) => n >= 8 && n < 14],
      [
        'a person and a time',
        () => ({ actor: bob.id, from: start + 5 * 60_000, until: start + 8 * 60_000 }),
        (n) => n >= 8 && n < 14 && n % 3 === 1,
      ],
    ]

    test.each(filters)('to %s: newest first, in pages, there and back', async (_, filter, fits) => {
      const expected = Array.from({ length: 60 }, (_, n) => 59 - n).filter(fits)
      const seen: unknown[] = []
      const pages: string[] = []
      let page = await listAudit(desk, ada, { ...filter(), limit: 4 })
      for (;;) {
        seen.push(...numbers(page.rows))
        pages.push(JSON.stringify(page.rows))
        if (!page.nextCursor) break
        page = await listAudit(desk, ada, { ...filter(), limit: 4, cursor: page.nextCursor })
      }
      expect(seen).toEqual(expected)
      for (const earlier of pages.slice(0, -1).reverse()) {
        page = await listAudit(desk, ada, { ...filter(), limit: 4, cursor: page.prevCursor })
        expect(JSON.stringify(page.rows)).toBe(earlier)
      }
      expect(page.prevCursor).toBeNull()
    })

    test('is for admins', async () => {
      await expect(listAudit(desk, bob)).rejects.toBeInstanceOf(Forbidden)
    })
  })

  describe('as things are done', () => {
    beforeEach(() => open(on))
    afterEach(() => stage.close())

    const newest = async () => (await listAudit(desk, ada, { limit: 1 })).rows[0]

    test('who, what, to what and from where, by name', async () => {
      const agent = await addAgent(desk, 'Toolbox')
      await pauseAgent(desk, ada, agent.id)
      expect(await newest()).toEqual({
        id: expect.any(String),
        at: desk.now(),
        actorKind: 'user',
        actorId: ada.id,
        actorName: 'Ada',
        actorEmail: `${ada.id}@example.com`,
        action: 'agent.pause',
        subjectKind: 'agent',
        subjectId: agent.id,
        subjectName: expect.stringContaining('Toolbox'),
        subjectEmail: null,
        detail: null,
        address: '192.0.2.1',
      })
      await makeAdmin(desk, ada, `${bob.id}@example.com`)
      expect(await newest()).toMatchObject({ subjectName: 'Bob', subjectEmail: `${bob.id}@example.com` })
    })

    test('a purged job is known by what was written down of it', async () => {
      const id = await handIn(desk, bob, { name: 'Count' })
      await cancelJob(desk, ada, id, {})
      expect(await newest()).toMatchObject({
        action: 'job.cancel',
        subjectName: 'Count',
        address: '192.0.2.1',
      })
      await purgeJob(desk, ada, id)
      expect(await newest()).toMatchObject({
        action: 'job.purge',
        subjectId: id,
        subjectName: null,
        detail: { name: 'Count' },
        address: '192.0.2.1',
      })
    })

    test("an admin's acts on their own job leave a row only where no owner could have done them", async () => {
      const agent = await addAgent(desk, 'Toolbox')
      const mine = async () => (await listAudit(desk, ada, { subject: id })).rows
      const id = await handIn(desk, ada, { name: 'Count' })
      await cancelJob(desk, ada, id, {})
      await resubmitJob(desk, ada, id, {})
      await cancelJob(desk, ada, id, {})
      await archiveJob(desk, ada, id, {})
      await resubmitJob(desk, ada, id, {})
      expect(await mine()).toEqual([])
      await claim(desk, agent)
      stage.advance(1)
      await resubmitJob(desk, ada, id, {})
      stage.advance(1)
      await reassignJob(desk, ada, id, { agentId: agent.id })
      stage.advance(1)
      const reason = `Bearer abcdefghijklmnop ${'because '.repeat(200)}`
      await completeJob(desk, ada, id, { reason })
      const rows = await mine()
      expect(rows).toMatchObject([
        {
          action: 'job.complete',
          detail: { statusBefore: 'ASSIGNED', statusAfter: 'COMPLETED', reason: expect.any(String) },
        },
        {
          action: 'job.reassign',
          detail: {
            ...{ statusBefore: 'PENDING', statusAfter: 'ASSIGNED', agentId: agent.id },
            agent: expect.stringContaining('Toolbox'),
          },
        },
        { action: 'job.resubmit', detail: { statusBefore: 'IN_PROGRESS', statusAfter: 'PENDING' } },
      ])
      expect(rows[0]?.detail?.reason).toMatch(/^Bearer \[redacted\] because/)
      expect(String(rows[0]?.detail?.reason).length).toBeLessThan(600)
    })

    test("somebody else's job: a row for what its owner could do, too; an owner leaves none", async () => {
      const id = await handIn(desk, bob, { name: 'Count' })
      await cancelJob(desk, bob, id, {})
      expect((await listAudit(desk, ada, { subject: id })).rows).toEqual([])
      await archiveJob(desk, ada, id, {})
      expect((await listAudit(desk, ada, { subject: id })).rows).toMatchObject([
        { action: 'job.archive', detail: { statusBefore: 'CANCELED', statusAfter: 'CANCELED' } },
      ])
    })

    test('a sign-in that failed: the address that was typed and from where, never the password', async () => {
      const address = `10.9.0.${on.length}`
      const client = { address, userAgent: null }
      const email = 'eve@example.com'
      const { token } = await signUp(
        desk,
        'open',
        { name: 'Eve', email, password, passwordConfirm: password },
        client,
      )
      const eve = (await findSession(desk, token))?.user.id
      const fail = (to: string) =>
        signIn(desk, { email: to, password: 'hunter2 hunter2' }, client).catch((error: unknown) => error)
      await fail('nobody@example.com')
      expect(await newest()).toMatchObject({
        actorKind: 'system',
        actorId: null,
        action: 'sign-in.failed',
        subjectKind: null,
        detail: { emailHmac: expect.stringMatching(/^[0-9a-f]{32}$/) },
        address,
      })
      stage.advance(1)
      // five are let through, the others are not looked at
      for (let n = 0; n < 8; n++) await fail(email)
      await fail(`${'x'.repeat(300)}@example.com`)
      const failed = await listAudit(desk, ada, { action: 'sign-in.failed', subject: eve })
      expect(failed.rows).toHaveLength(5)
      expect((await listAudit(desk, ada, { action: 'sign-in.failed' })).rows).toHaveLength(6)
      expect(JSON.stringify(await desk.db.all('SELECT * FROM audit'))).not.toMatch(/hunter2|xxx|nobody@/)
    })

    test('a wrong current password is on the record, once', async () => {
      const client = { address: `10.9.1.${on.length}`, userAgent: null }
      const input = { name: 'Eve', email: 'eve@example.com', password, passwordConfirm: password }
      const { token, sessionId } = await signUp(desk, 'open', input, client)
      const user = (await findSession(desk, token))?.user
      const eve: UserActor = { kind: 'user', ...user!, address: client.address }
      const change = { currentPassword: 'wrong', password: 'nine red bottles', passwordConfirm: '' }
      await expect(changePassword(desk, eve, change, sessionId)).rejects.toBeInstanceOf(Invalid)
      expect(await newest()).toMatchObject({ action: 'password.change-failed', address: client.address })
      await changePassword(desk, eve, { ...change, currentPassword: password }, sessionId)
      expect((await listAudit(desk, ada, { actor: eve.id })).rows.map(({ action }) => action)).toEqual([
        'password.change',
        'password.change-failed',
        'sign-in',
        'sign-up',
      ])
    })

    test('what people did stays, whatever is tried', async () => {
      const { view } = await invite(desk, ada, { email: 'x@example.com', role: 'USER' }, 'https://x.example')
      await withdrawInvitation(desk, ada, view.id)
      await makeAdmin(desk, ada, `${bob.id}@example.com`)
      await removeAdmin(desk, ada, `${bob.id}@example.com`)
      await disableUser(desk, ada, `${bob.id}@example.com`)
      const before = await desk.db.all('SELECT * FROM audit ORDER BY id')
      expect(before).toHaveLength(5)
      for (const sql of [
        "UPDATE audit SET address = NULL WHERE action = 'user.disable'",
        `DELETE FROM audit WHERE subjectId = '${view.id}'`,
        'INSERT OR REPLACE INTO audit SELECT * FROM audit',
      ]) {
        await expect(
          desk.db.write({ repeatable: true, statements: [{ sql, args: [] }] }),
          sql,
        ).rejects.toThrow(/append-only/)
      }
      expect(await desk.db.all('SELECT * FROM audit ORDER BY id')).toEqual(before)
    })
  })
})

describe('what is asked for', () => {
  const parse = (given: Record<string, string>) => auditFilterInput('UTC').parse(given)

  test('a day counts whole, in UTC; a moment to its millisecond', () => {
    expect(parse({ from: '2026-02-28', to: '2026-02-28' })).toMatchObject({
      from: Date.UTC(2026, 1, 28),
      until: Date.UTC(2026, 2, 1),
    })
    expect(parse({ from: '2026-02-28T10:00:00+02:00', to: '2026-02-28T10:00Z' })).toMatchObject({
      from: Date.UTC(2026, 1, 28, 8),
      until: Date.UTC(2026, 1, 28, 10) + 1,
    })
  })

  test('a day counts whole in a time zone, also one that has 23 hours', () => {
    const given = { from: '2026-03-08', to: '2026-03-08' }
    expect(auditFilterInput('America/New_York').parse(given)).toMatchObject({
      from: Date.UTC(2026, 2, 8, 5),
      until: Date.UTC(2026, 2, 9, 4),
    })
  })

  test('what is empty is not asked for, and addresses are as they are stored', () => {
    expect(
      Object.values(parse({ actor: ' ', action: '', subject: '', from: '', to: '' })).filter(Boolean),
    ).toEqual([])
    expect(parse({ actor: ' Ada@Example.com ' }).actor).toBe('ada@example.com')
  })

  test.each([
    { from: '2026-02-30' },
    { from: 'yesterday' },
    { to: '2026' },
    { to: '2026-01-01T25:00Z' },
    { action: 'job.explode' },
    { actor: 'x'.repeat(300) },
  ])('%o is refused', (given) => {
    expect(auditFilterInput('UTC').safeParse(given).success).toBe(false)
  })
})

test('every action that can be chosen is one that the code records', () => {
  const code = filesIn('app/domain')
    .filter((file) => file.endsWith('.server.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  // those of jobs are put together in SQL, from the verb
  const fixed = allAuditActions.filter((action) => !action.startsWith('job.'))
  expect(fixed.filter((action) => !code.includes(`'${action}'`))).toEqual([])
})
