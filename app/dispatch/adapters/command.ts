import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandConfig, commandConfig } from '~/domain/agents/config'
import type { AgentAdapter, RunContext, RunOutcome, TestReport } from './adapter'
import { fillIn, scrubbedEnvironment, secretsIn } from './command/environment'
import { cut } from './command/lines'
import { listen } from './command/record'
import { NotStarted, runProcess } from './command/run-process'
import { cleanUpWorkRoot, jobInput, makeWorkFolder, type WorkFolder } from './command/work-folder'
import { redaction } from './redact/redaction'
import { testJob } from './test-job'

/** A local program that speaks JSON lines, or just writes its result: see examples/agents/README.md. */
export const command: AgentAdapter = {
  kind: 'command',

  /** Gives the program a trivial job: with an agent that has a model this may cost money. */
  async test(config, signal) {
    const workRoot = await mkdtemp(join(tmpdir(), 'docket-test-'))
    try {
      const attemptId = `test-${crypto.randomUUID()}`
      const emit = async () => undefined
      const common = { job: testJob, attemptId, agentName: 'Test', workRoot, timeoutMs: null }
      return report(await command.run({ ...common, config, signal, emit }))
    } finally {
      await rm(workRoot, { recursive: true, force: true })
    }
  },

  async run(context) {
    const checked = commandConfig.safeParse(context.config)
    if (!checked.success)
      return refuse(`The agent's settings are not valid: ${checked.error.issues[0]?.message}.`)
    if (context.signal.aborted) return { type: 'release', reason: 'The run was ended before it began.' }
    const folder = await makeWorkFolder(context.workRoot, context.attemptId, context.job)
    try {
      return await runIn(folder, checked.data, context)
    } catch (error) {
      if (error instanceof NotStarted) return refuse(error.message)
      throw error
    } finally {
      await folder.remove()
    }
  },

  cleanUp: cleanUpWorkRoot,
}

async function runIn(folder: WorkFolder, config: CommandConfig, context: RunContext): Promise<RunOutcome> {
  const { job, attemptId, signal } = context
  const argv = config.argv.map((item) => fillIn(item, folder.path))
  const cwd = config.cwd === undefined ? folder.path : fillIn(config.cwd, folder.path)
  if (!(await isFolder(cwd))) return refuse(`The folder it should run in, ${cwd}, does not exist.`)
  const limits = {
    timeoutMs: Math.min(context.timeoutMs ?? Number.POSITIVE_INFINITY, config.timeoutSeconds * 1000),
    maxBytes: config.maxOutputBytes,
  }
  const listener = listen(context, redaction(secretsIn(config.env)))
  const started = performance.now()
  const ending = await runProcess({
    ...{ attemptId, argv, cwd, signal, ...limits },
    env: scrubbedEnvironment(config, { jobId: job.id, attemptId, work: folder.path }),
    inputFile: folder.inputFile,
    onStart: async (pid) => {
      await folder.started(pid)
      const input = { argv, cwd, env: Object.keys(config.env ?? {}), stdin: JSON.parse(jobInput(job)) }
      const requestPayload = JSON.stringify(input)
      await listener.record({ kind: 'call', message: `Started ${argv[0]} (process ${pid})`, requestPayload })
    },
    onStdout: listener.stdout,
    onStderr: listener.stderr,
    onStop: listener.stop,
    onStrays: folder.strays,
  })
  const durationMs = Math.round(performance.now() - started)
  const outcome = listener.outcome(ending, limits, durationMs)
  if (outcome.type === 'release') return outcome
  const how = ending.exitCode === null ? `by ${ending.signal}` : `with exit code ${ending.exitCode}`
  const atLimit = ending.endedBy === 'timeLimit' || ending.endedBy === 'output'
  const note =
    atLimit && outcome.type === 'submit' ? ': Docket ended it at its limit, and its result counts' : ''
  const responsePayload = JSON.stringify({ ...ending, durationMs })
  return listener
    .record({
      kind: 'call',
      message: `${argv[0]} ended ${how} after ${durationMs / 1000} s${note}`,
      responsePayload,
    })
    .then(() => outcome)
    .catch((): RunOutcome => {
      if (outcome.type === 'submit') return outcome
      const { unsubmittedResult, usage } = outcome
      const reason = 'The attempt was no longer its own when it ended.'
      return { type: 'release', reason, unsubmittedResult, usage }
    })
}

const refuse = (reason: string): RunOutcome => ({ type: 'fail', reason, retryable: false })

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function report(outcome: RunOutcome): TestReport {
  switch (outcome.type) {
    case 'submit':
      return { ok: true, message: `It answered: ${cut(outcome.result, 500)}` }
    case 'requestInput':
      return { ok: true, message: `It asked: ${cut(outcome.question, 500)}` }
    default:
      return { ok: false, message: outcome.reason }
  }
}
