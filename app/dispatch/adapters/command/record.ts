import type { AgentEvent, RunContext, RunOutcome, Usage } from '../adapter'
import { cut, readable } from './lines'
import { readLine } from './protocol'
import type { Ending } from './run-process'
import type { Verdict } from './verdict'

/** Lines of output that become log rows; a program that writes a million short lines shall not fill the log. */
const maxEvents = 5000
const lastLines = 5

/**
 * Takes in what a program says, line by line, records it in order, and at its end says what the attempt comes to.
 * Once `signal` is aborted or a record is refused, it listens for a result only. `emit` and `signal` are the context's;
 * `clean` takes secrets out.
 */
export function listen(
  { emit, signal }: Pick<RunContext, 'emit' | 'signal'>,
  clean: (text: string) => string,
) {
  const plain: string[] = []
  const errors: string[] = []
  let verdict: Verdict | undefined
  let draft: string | undefined
  let usage: Usage = {}
  let events = 0
  let refused = false
  let before: Promise<void> = Promise.resolve()

  /** One at a time: stdout and stderr are read side by side. */
  const record = (event: AgentEvent): Promise<void> => {
    const recorded = before.then(() => (refused ? undefined : emit(cleanEvent(event, clean))))
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
      const said = readLine(readable(raw))
      if (said.plain !== undefined) plain.push(said.plain)
      if (said.usage) usage = { ...usage, ...said.usage }
      draft = said.draft ?? draft
      // the last word counts
      verdict = said.verdict ?? verdict
      if (said.event && (said.plain === undefined || said.plain.trim() !== '')) await recordOutput(said.event)
    },
    async stderr(raw: string): Promise<void> {
      const line = readable(raw)
      if (line.trim() === '') return
      errors.push(cut(line, 1000))
      if (errors.length > lastLines) errors.shift()
      await recordOutput({ kind: 'message', message: `stderr: ${cut(line)}` })
    },
    outcome(ending: Ending, limits: { timeoutMs: number; maxBytes: number }, durationMs: number): RunOutcome {
      const whole = { durationMs, ...usage }
      const decided = decide(ending, limits)
      return { ...cleanOutcome(decided, clean), usage: whole }
    },
  }

  function decide(ending: Ending, limits: { timeoutMs: number; maxBytes: number }): RunOutcome {
    switch (ending.endedBy) {
      case 'signal':
      case 'callback':
        // what is not marked as a result may be half of one
        return verdict?.type === 'submit' && ending.outputBytes <= limits.maxBytes
          ? verdict
          : { type: 'release', reason: 'The run was ended before it was done.' }
      case 'timeLimit':
        return {
          type: 'fail',
          reason: `The time limit of ${limits.timeoutMs / 1000} s passed.`,
          retryable: true,
        }
      case 'output': {
        const reason = `It wrote more than ${limits.maxBytes.toLocaleString('en')} bytes, the limit set for this agent.`
        return { type: 'fail', reason, retryable: false }
      }
    }
    if (verdict?.type === 'fail') return verdict
    if (ending.exitCode !== 0) return { type: 'fail', reason: howItEnded(ending), retryable: true }
    if (verdict) return verdict
    if (draft !== undefined) return { type: 'submit', result: draft }
    const text = plain.join('\n').trim()
    if (text !== '') return { type: 'submit', result: JSON.stringify(text) }
    return { type: 'fail', reason: 'The program ended without a result.', retryable: true }
  }

  function howItEnded({ exitCode, signal }: Ending): string {
    const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`
    const [from, lines] =
      errors.length > 0
        ? ['stderr', errors]
        : ['stdout', plain.slice(-lastLines).map((line) => cut(line, 1000))]
    return `The program ${how}.${lines.length > 0 ? ` The last lines of ${from}:\n${lines.join('\n')}` : ''}`
  }
}

function cleanEvent(event: AgentEvent, clean: (text: string) => string): AgentEvent {
  const { kind, ...texts } = event
  return { kind, ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, clean(text)])) }
}

function cleanOutcome(outcome: RunOutcome, clean: (text: string) => string): RunOutcome {
  switch (outcome.type) {
    case 'submit':
      return { ...outcome, result: clean(outcome.result) }
    case 'requestInput':
      return { ...outcome, question: clean(outcome.question) }
    default:
      return { ...outcome, reason: clean(outcome.reason) }
  }
}
