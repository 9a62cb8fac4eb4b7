import { setTimeout } from 'node:timers/promises'
import { openaiConfig } from '~/domain/agents/config'
import { cut } from '~/domain/payload.server'
import type { AgentAdapter, RunOutcome, TestReport } from './adapter'
import { perform } from './openai/perform'
import { testJob } from './test-job'

const maxTries = 5

type Pause = (ms: number, signal: AbortSignal) => Promise<void>

const pauseForReal: Pause = (ms, signal) => setTimeout(ms, undefined, { signal })

/**
 * Any server that speaks OpenAI's Chat Completions: one call is one attempt at the job. The model answers with an
 * envelope, `{"question": null, "result": ...}`, so that it can ask; plain text is a result too.
 */
export function openaiAdapter(pause: Pause = pauseForReal): AgentAdapter {
  return {
    kind: 'openai',

    /** Gives the model a trivial job, without retries: with a cloud's model this costs a little money. */
    async test(config, signal) {
      const checked = openaiConfig.safeParse(config)
      if (!checked.success) return { ok: false, message: notValid(checked.error.issues[0]?.message) }
      const emit = async () => undefined
      const limits = { timeoutMs: null, tries: 1, pause }
      return report(await perform({ job: testJob, config: checked.data, signal, emit, ...limits }))
    },

    async run({ job, config, timeoutMs, signal, emit }) {
      const checked = openaiConfig.safeParse(config)
      if (!checked.success) {
        return { type: 'fail', reason: notValid(checked.error.issues[0]?.message), retryable: false }
      }
      if (signal.aborted) return { type: 'release', reason: 'The run was ended before it began.' }
      return perform({ job, config: checked.data, timeoutMs, signal, emit, tries: maxTries, pause })
    },
  }
}

export const openai = openaiAdapter()

const notValid = (why: string | undefined) => `The agent's settings are not valid: ${why}.`

function report(outcome: RunOutcome): TestReport {
  const { responseModel, requestModel, durationMs = 0 } = outcome.usage ?? {}
  const who = `${responseModel ?? requestModel}, in ${durationMs / 1000} s`
  switch (outcome.type) {
    case 'submit':
      return { ok: true, message: `It answered (${who}): ${cut(readable(outcome.result), 500)}` }
    case 'requestInput':
      return { ok: true, message: `It asked (${who}): ${cut(outcome.question, 500)}` }
    default:
      return { ok: false, message: outcome.reason }
  }
}

/** A result that is text is shown as text. */
function readable(json: string): string {
  const value: unknown = JSON.parse(json)
  return typeof value === 'string' ? value : json
}
