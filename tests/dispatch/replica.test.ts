import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import type { RunContext } from '~/dispatch/adapters/adapter'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import { change } from '~/domain/own-writes.server'
import { addAgent, addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { exceptOnServer } from '../support/except-on-server'
import { violations } from '../support/invariants'
import { until } from '../support/until'

/** A dispatcher whose reads are answered by a replica that is 300 ms behind its writes. */

let stage: TestDesk
let workRoot: string

beforeEach(async () => {
  workRoot = mkdtempSync(join(tmpdir(), 'docket-replica-'))
  stage = await testDesk('server', 'real')
})
afterEach(async () => {
  expect(await violations(stage.desk.db)).toEqual([])
  await stage.close()
  rmSync(workRoot, { recursive: true, force: true })
})

exceptOnServer('takes a read replica')('every job that is claimed is done by its first attempt', async () => {
  const { desk, server } = stage
  const owner = await addUser(desk, 'Olive')
  await addAgent(desk, 'Agent', { concurrency: 20 })
  const faults: unknown[] = []
  const stopped: string[] = []
  const run = async ({ attemptId, signal }: RunContext) => {
    await wait(300, undefined, { signal }).catch(() => stopped.push(attemptId))
    return { type: 'submit' as const, result: '1' }
  }
  const dispatcher = new Dispatcher({
    ...{ desk, workRoot, ownsDatabase: false, pollMs: 30, onError: (error) => faults.push(error) },
    adapters: { ...adapters, toolbox: { ...adapters.toolbox, run } },
  })
  server?.behind(300)
  await change(desk, () => Promise.all(Array.from({ length: 20 }, () => handIn(desk, owner))))
  await dispatcher.start()
  const jobs = () =>
    desk.db.all<{ status: string; attemptCount: number }>('SELECT status, attemptCount FROM jobs')
  await until(async () => (await jobs()).every(({ status }) => status === 'IN_REVIEW'), 5_000)
  await dispatcher.stop()
  expect((await jobs()).map(({ attemptCount }) => attemptCount)).toEqual(Array(20).fill(1))
  expect([stopped, faults]).toEqual([[], []])
})
