import type { OpenaiConfig } from '~/domain/agents/config'
import type { AgentEvent, JobBrief, Usage } from '../adapter'
import type { Answer } from './answer'
import { addressOf, ask, type Reply } from './chat'
import { useless } from './content'
import type { Format } from './envelope'
import { Fault } from './fault'
import { partialLog } from './partial'
import { usageOf } from './usage'
import { callBody, concede, fullWish, refusesAnyFormat, type Wish } from './wish'

export interface Task {
  job: JobBrief
  config: OpenaiConfig
  signal: AbortSignal
  /** For all calls and the waits between them. */
  limitMs: number
  /** How often a call is made at most. */
  tries: number
  /** Resolves after so many milliseconds; may reject when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** Told what each call used. @returns what all calls of the attempt have used up to now */
  spend(usage: Usage): Usage
  /** Puts an event on the record; what it throws ends everything. */
  record(event: AgentEvent): Promise<void>
  /** The longest that a secret can be in what is recorded. */
  secretLength: number
}

/** What was said, and how it was asked for. */
interface Answered {
  answer: Answer
  format: Format
}

/** So many answers of no use are taken: what a model or a server does three times it does again. */
const maxBroken = 3

const backoff = { baseMs: 1000, maxMs: 30_000 }

/**
 * Asks until there is an answer: with less where the server refuses a part of the request, and again, after the wait
 * it asks for, where it is busy or broken. Each step is a row of the log.
 *
 * @throws {Fault} where no answer is to be had in the tries and the time there are
 */
export async function untilAnswered(task: Task): Promise<Answered> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, task.limitMs)
  task.signal.addEventListener('abort', end, { once: true })
  if (task.signal.aborted) end()
  try {
    return await askAgain(task, ending.signal)
  } finally {
    clearTimeout(timer)
    task.signal.removeEventListener('abort', end)
  }
}

/** `signal` aborts with the task and at its time limit. */
async function askAgain(task: Task, signal: AbortSignal): Promise<Answered> {
  const { limitMs, record } = task
  const deadline = performance.now() + limitMs
  const timeLimit = `time limit of ${limitMs / 1000} s`
  const stopped = () => new Fault(`The ${timeLimit} passed.`, { type: 'timeout', passing: true })
  const partial = partialLog(record, task.secretLength)

  await record({ kind: 'progress', message: `Asks ${nameOf(task)}.` })
  let wish = fullWish
  for (let tries = 1; ; ) {
    if (signal.aborted) throw stopped()
    const { answer, fault } = await call({ ...task, signal }, wish, partial(), stopped)
    if (!fault) return { answer, format: wish.format }
    if (signal.aborted) throw fault
    const less = concede(wish, fault)
    if (less) {
      await record({ kind: 'message', message: less.said })
      wish = less.wish
      continue
    }
    if (!fault.details.passing) throw fault
    if (refusesAnyFormat(wish, fault)) throw new Fault(fault.message, { ...fault.details, passing: false })
    const { isBroken = false } = fault.details
    const most = isBroken ? Math.min(maxBroken, task.tries) : task.tries
    if (tries >= most) throw tooOften(fault, tries, isBroken)
    tries++
    const waitMs = fault.details.retryAfterMs ?? backoffMs(tries)
    const wait = `${readable(waitMs)}${fault.details.retryAfterMs === undefined ? '' : ', as the server asks'}`
    if (performance.now() + waitMs >= deadline) {
      throw new Fault(`${fault.message} To wait ${wait}, would pass the ${timeLimit}.`, fault.details)
    }
    await record({
      kind: 'message',
      message: `Waits ${wait}, then tries again (try ${tries} of ${most}).`,
    })
    await task.pause(waitMs, signal).catch(() => undefined)
  }
}

/** One call, and its row in the log: the request with its answer or what went wrong. */
async function call(
  task: Task,
  wish: Wish,
  text: ReturnType<ReturnType<typeof partialLog>>,
  stopped: () => Fault,
): Promise<Reply> {
  const { config, record, signal } = task
  const body = callBody(task.job, config, wish)
  const started = performance.now()
  let thinks = false
  const { answer, fault: brokenOff } = await ask(config, body, signal, async (soFar) => {
    if (soFar.reasoningCharacters > 0 && !thinks) {
      thinks = true
      await record({ kind: 'progress', message: 'The model thinks.' })
    }
    await text.grow(soFar.text)
  })
  const fault = brokenOff ?? useless(answer, wish.format)
  // a whole answer stands, whether or not its rows are still taken
  const written = (rows: Promise<void>) => (fault ? rows : rows.catch(() => undefined))
  await written(text.end(answer.text))
  const reply: Reply = { answer, fault: fault && signal.aborted ? stopped() : fault }
  const durationMs = Math.round(performance.now() - started)
  const row = record({
    kind: 'call',
    usage: task.spend(usageOf(answer, config)),
    message: said(reply, task, durationMs),
    requestPayload: JSON.stringify({
      url: addressOf(config),
      ...body,
    }),
    responsePayload: JSON.stringify({
      ...answer,
      // it says nothing that the rest does not
      isDone: undefined,
      // most have none
      toolCalls: answer.toolCalls.length > 0 ? answer.toolCalls : undefined,
      refusal: answer.refusal || undefined,
      reasoningCharacters: answer.reasoningCharacters || undefined,
      durationMs,
      error: reply.fault && wordsOf(reply.fault),
    }),
  })
  await written(row)
  return reply
}

function said({ answer, fault }: Reply, task: Task, durationMs: number): string {
  const after = `${durationMs / 1000} s`
  if (fault) return `${nameOf(task)} gave no answer, after ${after}. ${fault.message}`
  const { inputTokens, outputTokens } = usageOf(answer, task.config)
  const count = (tokens: number) => tokens.toLocaleString('en')
  const tokens =
    inputTokens === undefined || outputTokens === undefined
      ? ''
      : ` It read ${count(inputTokens)} tokens and wrote ${count(outputTokens)}.`
  return `${nameOf(task)} answered in ${after}.${tokens}`
}

const nameOf = ({ config }: Task) => `${config.model} at ${new URL(config.baseUrl).host}`

const wordsOf = ({ message, details: { type, status, says } }: Fault) => ({ type, status, message, says })

/** @param isBroken whether to try again later would not help either */
function tooOften({ message, details }: Fault, tries: number, isBroken: boolean): Fault {
  const whole = tries === 1 ? message : `It was tried ${tries} times. ${message}`
  return new Fault(whole, { ...details, passing: details.passing && !(isBroken && tries > 1) })
}

/** Twice as long each time, and not all at the same moment. */
function backoffMs(tries: number): number {
  const whole = Math.min(backoff.maxMs, backoff.baseMs * 2 ** (tries - 2))
  return Math.round(whole * (1 - Math.random() * 0.3))
}

const units = [
  { unit: 'days', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
]

/** In the largest unit that there are two of, to a tenth. */
function readable(ms: number): string {
  const { unit, ms: one } = units.find((each) => ms >= 2 * each.ms) ?? { unit: 's', ms: 1000 }
  return ms < 1000
    ? `${Math.round(ms)} ms`
    : `${(Math.round((ms / one) * 10) / 10).toLocaleString('en')} ${unit}`
}
