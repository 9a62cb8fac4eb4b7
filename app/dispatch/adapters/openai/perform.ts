import type { OpenaiConfig } from '~/domain/agents/config'
import type { AgentEvent, RunContext, RunOutcome, Usage } from '../adapter'
import { redactEvent, redaction, redactOutcome } from '../redact/redaction'
import type { Answer } from './answer'
import { contentOf } from './content'
import type { Format } from './envelope'
import { Fault } from './fault'
import { type Task, untilAnswered } from './until-answered'
import { addedUsage } from './usage'

type Assignment = Omit<Task, 'limitMs' | 'record' | 'spend' | 'secretLength'> &
  Pick<RunContext, 'timeoutMs' | 'emit'>

/** Does the job of an attempt: asks, asks again where that may help, and says what the answer comes to. */
export async function perform({ config, signal, emit, ...task }: Assignment): Promise<RunOutcome> {
  const started = performance.now()
  const limitMs = Math.min(task.timeoutMs ?? Number.POSITIVE_INFINITY, config.timeoutSeconds * 1000)
  const redact = redaction([config.apiKey ?? ''])
  let spent: Usage = {}
  const spend = (usage: Usage) => {
    spent = addedUsage(spent, usage)
    return spent
  }
  const end = (outcome: Ending, errorType?: string): RunOutcome => {
    const usage: Usage = {
      provider: new URL(config.baseUrl).host,
      requestModel: config.model,
      durationMs: Math.round(performance.now() - started),
      ...spent,
      ...(errorType && { errorType }),
    }
    return redactOutcome(redact, { ...outcome, usage })
  }
  const record = (event: AgentEvent) =>
    emit(redactEvent(redact, event)).catch((cause: unknown) => {
      throw new NotRecorded('The event could not be recorded', { cause })
    })
  try {
    const { answer, format } = await untilAnswered({
      ...task,
      config,
      signal,
      limitMs,
      spend,
      record,
      secretLength: redact.longest,
    })
    const { errorType, ...outcome } = outcomeOf(answer, format, config)
    return end(outcome, errorType)
  } catch (error) {
    if (signal.aborted || error instanceof NotRecorded) return end(ended)
    if (!(error instanceof Fault)) throw error
    const { type, passing, retryAfterMs } = error.details
    const fail = { type: 'fail', reason: error.message, retryable: passing } as const
    return end({ ...fail, ...(passing && retryAfterMs !== undefined && { retryAfterMs }) }, type)
  }
}

const ended: Ending = { type: 'release', reason: 'The run was ended before it was done.' }

/** The lease was lost before there was a whole answer. */
class NotRecorded extends Error {}

type Ending =
  | { type: 'submit'; result: string }
  | { type: 'requestInput'; question: string }
  | { type: 'fail'; reason: string; retryable: boolean; retryAfterMs?: number }
  | { type: 'release'; reason: string }

function outcomeOf(
  answer: Answer,
  format: Format,
  { maxOutputTokens }: OpenaiConfig,
): Ending & { errorType?: string } {
  const { refusal, finishReason } = answer
  const fail = (errorType: string, reason: string) =>
    ({ type: 'fail', reason, retryable: false, errorType }) as const
  if (finishReason === 'length') {
    const limit = maxOutputTokens && ` of ${maxOutputTokens.toLocaleString('en')} tokens`
    const remedy = limit ? 'raise maxOutputTokens' : 'raise the limit at the server or set maxOutputTokens'
    return fail(
      'length',
      `The answer was cut at its limit${limit ?? ''}: ${remedy}, or ask for less in one job.`,
    )
  }
  if (finishReason === 'content_filter') {
    return fail('content_filter', "The server's content filter stopped the answer: change what the job asks.")
  }
  if (refusal.trim() !== '') return fail('refusal', `The model refuses: ${refusal.trim()}`)
  const content = contentOf(answer, format)
  if (content === null) throw new Error('unreachable: an answer without content is asked for again')
  return 'question' in content ? { type: 'requestInput', ...content } : { type: 'submit', ...content }
}
