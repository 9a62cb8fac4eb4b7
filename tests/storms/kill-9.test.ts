import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { type ApiJob, Script } from '../support/api'
import { Client } from '../support/client'
import { violations } from '../support/invariants'
import { startServer } from '../support/server'
import { until } from '../support/until'

/** `npm run test:storms` plays 20; a short version is part of `npm test`. */
const rounds = Number(process.env.STORM_ROUNDS ?? 2)
const jobsARound = 24

/** Works for a moment and leaves a child process behind it, as careless programs do. */
const program = (mark: string) => `
  require('child_process').spawn('sleep', ['${mark}'], { stdio: 'ignore' }).unref()
  setTimeout(() => console.log(JSON.stringify({ type: 'result', result: process.env.DOCKET_ATTEMPT })), 300)
`

test.each(Array.from({ length: rounds }, (_, n) => n + 1))(
  'kill -9 in mid-job loses nothing and does nothing twice (round %i)',
  async (round) => {
    const mark = `${600_000 + process.pid}.${round}`
    const first = await startServer({ admin: true })
    const { dataDir } = first
    const script = await Script.signIn(first)
    const agent = await script.call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Slow', kind: 'command', concurrency: 4 },
      config: { argv: ['node', '-e', program(mark)] },
    })
    const accepted: string[] = []
    const handIn = async (n: number) => {
      const who = n % 3 === 0 ? {} : { agentId: agent.id }
      // the kill cuts some of these off: only what was answered has to be there
      const job = await script
        .createJob({ ...who, maxAttempts: 20, review: n % 2 ? 'none' : 'required' })
        .catch(() => null)
      if (job) accepted.push(job.id)
    }
    const all = Promise.all(Array.from({ length: jobsARound }, (_, n) => handIn(n)))
    await until(async () => (await running(script)) >= 1 + (round % 4))
    await first.kill()
    await all
    expect(accepted.length).toBeGreaterThan(0)

    const second = await startServer({ admin: true, dataDir })
    try {
      const again = new Script(new Client(second.origin), script.token)
      for (const id of accepted) await again.jobIn(id, 'IN_REVIEW', 'COMPLETED')
      expect(await second.stop()).toBe(0)
      await checkTheRecord(join(dataDir, 'docket.db'), accepted)
      await until(() => leftBehind(mark) === 0)
    } finally {
      await second.dispose()
      await first.dispose()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
)

async function running(script: Script): Promise<number> {
  const page = await script.call<{ data: ApiJob[] }>('GET', '/api/jobs?status=IN_PROGRESS')
  return page.data.length
}

/** The database itself, after the server let go of it: every job that was answered is there and was done once. */
async function checkTheRecord(file: string, accepted: string[]) {
  const db = await openDatabase({ url: `file:${file}` })
  try {
    expect(await violations(db)).toEqual([])
    const done = await db.all<{ jobId: string; n: number }>(
      "SELECT jobId, count(*) AS n FROM attempts WHERE outcome = 'SUBMITTED' GROUP BY jobId",
    )
    const times = new Map(done.map(({ jobId, n }) => [jobId, n]))
    for (const id of accepted) expect(times.get(id)).toBe(1)
  } finally {
    db.close()
  }
}

/** How many of the processes that the agents left behind still run. */
function leftBehind(mark: string): number {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return all.filter((line) => line.trim() === `sleep ${mark}`).length
}
