import { afterEach, beforeEach, expect, test } from 'vitest'
import { disableUser } from '~/domain/accounts/disable.server'
import { saveSettings } from '~/domain/accounts/settings.server'
import { createAgent } from '~/domain/agents/create.server'
import { pauseAgent } from '~/domain/agents/pause.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch } from '~/domain/batches/freeze.server'
import { findBatch } from '~/domain/batches/queries.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { editJob } from '~/domain/jobs/edit.server'
import { findJob } from '~/domain/jobs/queries.server'
import { change } from '~/domain/own-writes.server'
import type { UserActor } from '~/domain/policy'
import { createTemplate } from '~/domain/templates/save.server'
import { saveView } from '~/domain/views/save.server'
import { viewQuery } from '~/http/view-query.server'
import { OutcomeUnknown } from '~db/errors'
import { addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { describeExceptOnServer } from '../support/except-on-server'

let stage: TestDesk
let desk: Desk
let ada: UserActor
let olive: UserActor

beforeEach(async () => {
  stage = await testDesk('server', 'real')
  desk = stage.desk
  ada = { ...(await addUser(desk, 'Ada', 'ADMIN')), confirmedBy: 'token' }
  olive = await addUser(desk, 'Olive')
})
afterEach(async () => {
  await stage.close()
})

const job = { name: 'A job', description: 'd', acceptanceCriteria: 'c' }
const template = {
  ...{ name: 'T', description: '', shared: false, variables: [] },
  job: {
    ...{ ...job, agentId: null, priority: 0, maxAttempts: 3, timeoutSeconds: null },
    ...{ review: 'required' as const, tags: [], metadata: {} },
  },
}

describeExceptOnServer('takes a read replica')('on a read replica that is a fifth of a second behind', () => {
  beforeEach(() => stage.server?.behind(200))

  test('what a person makes is there when they are answered, for everything that is read next', async () => {
    const made = await Promise.all([
      change(desk, () => createTemplate(desk, olive, template)),
      change(desk, () =>
        saveView(desk, olive, { name: 'V', scope: 'own', shared: false }, viewQuery('status=FAILED')),
      ),
      change(desk, () => handIn(desk, olive)),
      change(desk, () => saveSettings(desk, olive, { theme: 'dark' })),
    ])
    expect(made[0]).toMatchObject({ name: 'T' })
    expect(made[1]).toMatchObject({ name: 'V' })
    expect(await findJob(desk, olive, made[2])).toMatchObject({ status: 'PENDING' })
    expect(await desk.db.all('SELECT theme FROM user_settings')).toEqual([{ theme: 'dark' }])
  })

  test('verbs that look at what they did see it', async () => {
    const id = await change(desk, () => handIn(desk, olive))
    await change(desk, async () => {
      const batch = await freezeBatch(desk, olive, { scope: 'own', verb: 'cancel', ids: [id] })
      await confirmBatch(desk, olive, batch, {})
      expect((await findBatch(desk, olive, batch)).state).toBe('RUNNING')
    })
    const kind = 'toolbox' as const
    const agent = await change(desk, () =>
      createAgent(desk, ada, {
        ...{ name: 'A', kind, description: '', concurrency: 1, takesUnassigned: true, config: {} },
      }),
    )
    expect((await change(desk, () => pauseAgent(desk, ada, agent.id))).state).toBe('PAUSED')
    const { email } = (await desk.db.first<{ email: string }>('SELECT email FROM users WHERE id = ?', [
      olive.id,
    ])) as {
      email: string
    }
    expect((await change(desk, () => disableUser(desk, ada, email))).disabledAt).not.toBeNull()
  })

  test('a refusal tells how things are now', async () => {
    const id = await change(desk, () => handIn(desk, olive))
    await cancelJob(desk, ada, id, {})
    const edit = () => editJob(desk, olive, id, { priority: 5 })
    await expect(change(desk, edit)).rejects.toMatchObject({ reason: 'wrong_status' })
  })
})

test('where the database goes away after something was changed, it may have been saved', async () => {
  const twice = async () => {
    await handIn(desk, olive)
    stage.server?.block('over the quota')
    await handIn(desk, olive)
  }
  await expect(change(desk, twice)).rejects.toThrow(OutcomeUnknown)
  const once = () => handIn(desk, olive)
  await expect(change(desk, once)).rejects.not.toThrow(OutcomeUnknown)
})
