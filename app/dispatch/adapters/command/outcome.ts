import type { RunOutcome } from '../adapter'
import { cut } from './lines'
import type { Ending } from './run-process'
import type { Verdict } from './verdict'

/** What a program said until it was gone. */
export interface Heard {
  /** The last of its lines that say how the attempt is to end. */
  verdict: Verdict | undefined
  /** The newest result it named, whatever it said afterwards: JSON text. */
  result: string | undefined
  /** JSON text that is the result where no line says otherwise. */
  draft: string | undefined
  /** What went wrong, in its words, where it did not say that it got over it. */
  trouble: string | undefined
  /** Its lines outside the protocol, on stdout and the last ones on stderr. */
  plain: string[]
  errors: string[]
}

export interface Limits {
  timeoutMs: number
  maxBytes: number
}

/** So many lines tell why a program failed. */
export const lastLines = 5

/** The most that is kept of plain text which nobody called a result, in bytes. */
const maxKeptText = 1_000_000

/**
 * What an attempt comes to (docs/decisions/0033-a-printed-result-is-kept.md): an exit code is the program's own last
 * word, so any but 0 is a failure; where Docket ended it, what it had reported by then counts. A result that does not
 * count goes with the outcome as `unsubmittedResult`.
 */
export function outcomeOf(heard: Heard, ending: Ending, limits: Limits): RunOutcome {
  switch (ending.endedBy) {
    case 'signal':
    case 'callback':
      return calledOff(heard)
    case 'timeLimit': {
      const reason = `The time limit of ${limits.timeoutMs / 1000} s passed.`
      return cutShort(heard, { reason, retryable: true })
    }
    case 'output': {
      const reason = `It wrote more than ${limits.maxBytes.toLocaleString('en')} bytes, the limit set for this agent.`
      return cutShort(heard, { reason, retryable: false })
    }
    case null:
      return ending.exitCode === 0 ? endedWell(heard) : endedBadly(heard, ending)
  }
}

/** A failure may only be the answer to being ended, and text may be half of a result. */
function calledOff({ verdict, result }: Heard): RunOutcome {
  if (verdict?.type === 'submit') return verdict
  if (verdict?.type === 'requestInput') return { ...verdict, unsubmittedResult: result }
  return { type: 'release', reason: 'The run was ended before it was done.', unsubmittedResult: result }
}

function cutShort(heard: Heard, why: { reason: string; retryable: boolean }): RunOutcome {
  const { verdict } = heard
  if (!verdict || verdict.type === 'broken') {
    const reason = verdict ? `${why.reason} ${verdict.reason}` : why.reason
    return { type: 'fail', reason, retryable: why.retryable, unsubmittedResult: kept(heard) }
  }
  return said(heard, verdict)
}

function endedWell(heard: Heard): RunOutcome {
  const { verdict, draft, trouble } = heard
  if (verdict?.type === 'broken') return failed(heard, verdict.reason)
  if (verdict) return said(heard, verdict)
  if (draft !== undefined) return trouble ? failed(heard, trouble) : { type: 'submit', result: draft }
  const text = textOf(heard)
  if (text !== undefined) return { type: 'submit', result: JSON.stringify(text) }
  return failed(heard, trouble ?? 'The program ended without a result.')
}

function endedBadly(heard: Heard, ending: Ending): RunOutcome {
  const { verdict, trouble } = heard
  if (verdict?.type === 'fail') return said(heard, verdict)
  const reasons = [trouble ?? howItEnded(heard, ending)]
  if (verdict?.type === 'broken') reasons.push(verdict.reason)
  if (verdict?.type === 'requestInput') reasons.push(`It had asked: ${verdict.question}`)
  return failed(heard, reasons.join('\n'))
}

function said({ result, draft }: Heard, verdict: Exclude<Verdict, { type: 'broken' }>): RunOutcome {
  return verdict.type === 'submit' ? verdict : { ...verdict, unsubmittedResult: result ?? draft }
}

function failed(heard: Heard, reason: string): RunOutcome {
  return { type: 'fail', reason, retryable: true, unsubmittedResult: kept(heard) }
}

/** The nearest to a result that there is. */
function kept(heard: Heard): string | undefined {
  if (heard.result !== undefined || heard.draft !== undefined) return heard.result ?? heard.draft
  const text = textOf(heard)
  return text === undefined ? undefined : JSON.stringify(cut(text, maxKeptText))
}

/** Empty lines around it do not count; spaces before its first word do. */
function textOf({ plain }: Heard): string | undefined {
  const text = plain
    .join('\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
  return text === '' ? undefined : text
}

function howItEnded({ plain, errors }: Heard, { exitCode, signal }: Ending): string {
  const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`
  const [from, lines] =
    errors.length > 0
      ? ['stderr', errors]
      : ['stdout', plain.slice(-lastLines).map((line) => cut(line, 1000))]
  return `The program ${how}.${lines.length > 0 ? ` The last lines of ${from}:\n${lines.join('\n')}` : ''}`
}
