import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapters } from '~/dispatch/adapters'
import type { AgentAdapter } from '~/dispatch/adapters/adapter'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import { createJob } from '~/domain/jobs/create.server'
import { findJob } from '~/domain/jobs/queries.server'
import { addAgent, addUser } from '../support/cast'
import { testDesk } from '../support/desk'
import { until } from '../support/until'
import { input } from './commits'
import { percentile, print, spread } from './measure'

const jobs = 200
/** What the issue asks for. */
const limitMs = 50

/** From a job's commit to the moment its agent has it in hand, and to its result on the record. */
export async function claims(): Promise<void> {
  const { desk, close } = await testDesk('file', 'still', 'FULL')
  const live = { ...desk, now: Date.now }
  const workRoot = mkdtempSync(join(tmpdir(), 'docket-bench-'))
  const begun = new Map<string, number>()
  const toolbox: AgentAdapter = {
    ...adapters.toolbox,
    run(context) {
      begun.set(context.job.id, performance.now())
      return adapters.toolbox.run(context)
    },
  }
  const dispatcher = new Dispatcher({
    desk: live,
    adapters: { ...adapters, toolbox },
    workRoot,
    ownsDatabase: true,
    onError: (error) => console.error(error),
  })
  try {
    const owner = await addUser(live, 'Olive')
    await addAgent(live, 'Toolbox', { concurrency: 4 })
    await dispatcher.start()
    const toClaim: number[] = []
    const toResult: number[] = []
    for (let n = 0; n < jobs; n++) {
      const { id } = await createJob(live, owner, input)
      const committedAt = performance.now()
      await until(async () => (await findJob(live, owner, id)).status === 'IN_REVIEW')
      toResult.push(performance.now() - committedAt)
      toClaim.push((begun.get(id) ?? Number.NaN) - committedAt)
    }
    const against = `the ${limitMs} ms asked for (p99)`
    print(`From a job's commit, ${jobs} jobs one after the other`, [
      {
        what: 'to the agent at work',
        value: spread(toClaim),
        against,
        ratio: percentile(toClaim, 0.99) / limitMs,
      },
      { what: 'to its result on the record', value: spread(toResult) },
    ])
  } finally {
    await dispatcher.stop()
    await close()
    rmSync(workRoot, { recursive: true, force: true })
  }
}
