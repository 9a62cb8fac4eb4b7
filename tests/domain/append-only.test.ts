import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordEvents } from '~/domain/attempts/record.server'
import { Conflict, Forbidden, NotFound } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let admin: UserActor

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const others = `jobId, ownerId, number, kind, status, 'forged', requestPayload, responsePayload, actorKind, actorId,
    agentId, attempt, assignedAgentId, version, failures, runAfter, createdAt`
  const run = (sql: string) => desk.db.write({ repeatable: true, statements: [{ sql, args: [] }] })
  const count = async (table: string, where: string) =>
    (await desk.db.first<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`))?.n

  test.each(['job_logs', 'audit'])(
    'rows of %s cannot be changed or removed, by whatever statement',
    async (table) => {
      const id = await handIn(desk, owner)
      await cancelJob(desk, owner, id, {})
      await purgeJob(desk, admin, await closed())
      const before = await desk.db.all(`SELECT * FROM ${table} ORDER BY id`)
      expect(before.length).toBeGreaterThan(0)
      const tries = [
        `UPDATE ${table} SET actorId = 'nobody'`,
        `UPDATE OR REPLACE ${table} SET id = id`,
        `DELETE FROM ${table}`,
        `REPLACE INTO ${table} SELECT * FROM ${table}`,
        `DELETE FROM ${table} WHERE id = (SELECT max(id) FROM ${table})`,
      ]
      if (table === 'job_logs') {
        tries.push(
          `REPLACE INTO job_logs SELECT seq, 'another', ${others} FROM job_logs`,
          `REPLACE INTO job_logs SELECT NULL, id, ${others} FROM job_logs`,
          `REPLACE INTO job_logs SELECT NULL, 'another', ${others} FROM job_logs LIMIT 1`,
        )
      }
      for (const sql of tries) await expect(run(sql), sql).rejects.toThrow()
      expect(await desk.db.all(`SELECT * FROM ${table} ORDER BY id`)).toEqual(before)
    },
  )

  async function closed(): Promise<string> {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('not claimed')
    await recordEvents(desk, agent.id, held.lease, [{ kind: 'message', message: 'at it' }])
    await cancelJob(desk, owner, id, {})
    return id
  }

  test.each([false, true])(
    'a purged job is gone with all of its rows but one of audit (archived: %s)',
    async (archived) => {
      const id = await closed()
      const neighbour = await closed()
      if (archived) await archiveJob(desk, owner, id, {})
      await purgeJob(desk, admin, id)
      expect(await count('jobs', `id = '${id}'`)).toBe(0)
      expect(await count('job_logs', `jobId = '${id}'`)).toBe(0)
      expect(await count('attempts', `jobId = '${id}'`)).toBe(0)
      expect(
        await desk.db.all('SELECT actorId, action, subjectKind FROM audit WHERE subjectId = ?', [id]),
      ).toEqual([{ actorId: admin.id, action: 'job.purge', subjectKind: 'job' }])
      expect(await count('job_logs', `jobId = '${neighbour}'`)).toBe(4)
    },
  )

  test('only an admin purges, and only what is closed', async () => {
    const id = await handIn(desk, owner)
    await expect(purgeJob(desk, admin, id)).rejects.toThrow(Conflict)
    await expect(purgeJob(desk, owner, id)).rejects.toThrow(Forbidden)
    await expect(purgeJob(desk, admin, 'nowhere')).rejects.toThrow(NotFound)
    expect(await count('jobs', `id = '${id}'`)).toBe(1)
    expect(await count('job_logs', `jobId = '${id}'`)).toBe(1)
    expect(await count('audit', `subjectId = '${id}'`)).toBe(0)
  })
})
