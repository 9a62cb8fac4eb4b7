import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import type { Desk } from '~/domain/desk'
import { findJob } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { until } from '../support/until'

let stage: TestDesk
let desk: Desk
let owner: UserActor
let leaver: AgentActor
let dispatcher: Dispatcher
let workRoot: string

beforeEach(async () => {
  stage = await testDesk()
  desk = { db: stage.desk.db, now: Date.now }
  owner = await addUser(desk, 'Olive')
  leaver = await addAgent(desk, 'Leaver', { state: 'PAUSED' })
  await addAgent(desk, 'Toolbox')
  workRoot = mkdtempSync(join(tmpdir(), 'docket-work-'))
  dispatcher = new Dispatcher({
    ...{ desk, adapters, workRoot, ownsDatabase: true },
    onError: (error) => {
      throw error
    },
  })
})
afterEach(async () => {
  await dispatcher.stop()
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
  rmSync(workRoot, { recursive: true, force: true })
})

const inReview = (id: string) =>
  until(async () => (await findJob(desk, owner, id)).status === 'IN_REVIEW' && true)

test('what a crash left waiting for a retired agent is moved at the start and done', async () => {
  const id = await handIn(desk, owner, { agentId: leaver.id })
  await setAgentState(desk, leaver, 'RETIRED')
  await dispatcher.start()
  await inReview(id)
})

test('and by the regular sweep', async () => {
  const id = await handIn(desk, owner, { agentId: leaver.id })
  await dispatcher.start()
  await setAgentState(desk, leaver, 'RETIRED')
  await inReview(id)
})
