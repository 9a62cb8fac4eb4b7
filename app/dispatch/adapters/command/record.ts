import type { AgentEvent, RunContext, RunOutcome, Usage } from '../adapter'
import { type Redaction, redactEvent, redactOutcome } from '../redact/redaction'
import { cut, readable } from './lines'
import { type Heard, type Limits, lastLines, outcomeOf } from './outcome'
import { readLine, type Said } from './protocol'
import type { Ending } from './run-process'

/** Lines of output that become log rows; a program that writes a million short lines shall not fill the log. */
const maxEvents = 5000

/**
 * Takes in what a program says, line by line, records it in order, and at its end says what the attempt comes to.
 * Once `signal` is aborted or a record is refused, it listens for a result only. `emit` and `signal` are the context's.
 */
export function listen({ emit, signal }: Pick<RunContext, 'emit' | 'signal'>, redact: Redaction) {
  const heard: Heard = {
    verdict: undefined,
    result: undefined,
    draft: undefined,
    trouble: undefined,
    plain: [],
    errors: [],
  }
  let stopping = false
  let usage: Usage = {}
  let events = 0
  let refused = false
  let before: Promise<void> = Promise.resolve()

  /** One at a time: stdout and stderr are read side by side. */
  const record = (event: AgentEvent): Promise<void> => {
    const recorded = before.then(() => (refused ? undefined : emit(redactEvent(redact, event))))
    before = recorded.catch(() => {
      refused = true
    })
    return recorded
  }
  const recordOutput = async (event: AgentEvent): Promise<void> => {
    if (signal.aborted) return
    if (++events <= maxEvents) return record(event)
    if (events > maxEvents + 1) return
    await record({
      kind: 'message',
      message: `It wrote more than ${maxEvents} lines: the rest is not in this log. The result is still taken from all of it.`,
    })
  }

  return {
    record,
    async stdout(raw: string): Promise<void> {
      const said = readLine(readable(raw), redact)
      const { result: before } = heard
      if (said.usage) usage = { ...usage, ...said.usage }
      // a failure then may be no more than the answer to being ended
      takeIn(
        heard,
        stopping && heard.verdict && said.verdict?.type === 'fail' ? { ...said, verdict: undefined } : said,
      )
      if (said.event && (said.plain === undefined || said.plain.trim() !== '')) {
        await recordOutput(said.usage ? { ...said.event, usage } : said.event)
      }
      // the attempt has room for one result: an earlier one goes on the record
      if (before === undefined || said.verdict?.type !== 'submit' || before === heard.result) return
      const message = 'An earlier result, which the next one replaced'
      await recordOutput({ kind: 'call', message, responsePayload: before })
    },
    async stderr(raw: string): Promise<void> {
      const line = redact.text(readable(raw))
      if (line.trim() === '') return
      heard.errors.push(cut(line, 1000))
      if (heard.errors.length > lastLines) heard.errors.shift()
      await recordOutput({ kind: 'message', message: `stderr: ${cut(line)}` })
    },
    /** It is told to end: what fails from now on does not undo what it reported. */
    stop() {
      stopping = true
    },
    outcome(ending: Ending, limits: Limits, durationMs: number): RunOutcome {
      // once more: a secret may go over several lines
      return { ...redactOutcome(redact, outcomeOf(heard, ending, limits)), usage: { durationMs, ...usage } }
    },
  }
}

/** The last word counts. */
function takeIn(heard: Heard, { plain, draft, isDone, trouble, verdict }: Said) {
  if (plain !== undefined) heard.plain.push(plain)
  if (draft !== undefined) {
    // a turn that goes on: what an earlier one came to is no longer the last word
    if (heard.verdict?.type === 'submit' && heard.verdict.result === heard.draft) heard.verdict = undefined
    heard.draft = draft
  }
  if (draft !== undefined || isDone) heard.trouble = undefined
  heard.trouble = trouble ?? heard.trouble
  if (isDone && heard.draft !== undefined) heard.verdict = { type: 'submit', result: heard.draft }
  heard.verdict = verdict ?? heard.verdict
  if (heard.verdict?.type === 'submit') heard.result = heard.verdict.result
}
