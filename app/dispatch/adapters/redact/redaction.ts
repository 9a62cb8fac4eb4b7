import type { AgentEvent, RunOutcome, Usage } from '../adapter'
import { mark, replacer } from './replacer'
import { spellingsOf } from './spellings'

/** Takes an agent's secrets out of what it says, in every spelling, before anything is recorded. */
export interface Redaction {
  text(text: string): string
  /** JSON stays JSON: strings are read, redacted and written again, and a number that is a secret becomes a string. */
  json(json: string): string
  /** The length of the longest spelling: 0 where there is no secret. */
  longest: number
}

/** @param secrets those that are shorter than 8 characters are left alone */
export function redaction(secrets: string[]): Redaction {
  const patterns = [...new Set(secrets.flatMap(spellingsOf))]
  const text = replacer(patterns)
  return {
    text,
    json: (json) => redactJson(json, text),
    longest: Math.max(0, ...patterns.map(({ length }) => length)),
  }
}

export function redactEvent({ text, json }: Redaction, event: AgentEvent): AgentEvent {
  const { message, requestPayload, responsePayload, usage } = event
  return {
    ...event,
    ...(message !== undefined && { message: text(message) }),
    ...(requestPayload !== undefined && { requestPayload: json(requestPayload) }),
    ...(responsePayload !== undefined && { responsePayload: json(responsePayload) }),
    ...(usage !== undefined && { usage: JSON.parse(json(JSON.stringify(usage))) as object }),
  }
}

export function redactOutcome(
  { text, json }: Redaction,
  { usage: said, ...outcome }: RunOutcome,
): RunOutcome {
  const usage = said && (JSON.parse(json(JSON.stringify(said))) as Usage)
  if (outcome.type === 'submit') return { ...outcome, usage, result: json(outcome.result) }
  const unsubmittedResult = outcome.unsubmittedResult && json(outcome.unsubmittedResult)
  const ending = { usage, unsubmittedResult }
  return outcome.type === 'requestInput'
    ? { ...outcome, ...ending, question: text(outcome.question) }
    : { ...outcome, ...ending, reason: text(outcome.reason) }
}

function redactJson(json: string, text: (text: string) => string): string {
  // only an escape of another character can hide what is no spelling of its own
  if (!/\\[u/]/.test(json) && text(json) === json) return json
  const parts: string[] = []
  for (let at = 0; at < json.length; ) {
    const quote = json.indexOf('"', at)
    const start = quote < 0 ? json.length : quote
    if (start > at) parts.push(redactBetween(json.slice(at, start), text))
    at = endOfString(json, start)
    if (at > start) parts.push(redactString(json.slice(start, at), text))
  }
  return parts.join('')
}

/** Numbers, and the signs between strings. */
function redactBetween(between: string, text: (text: string) => string): string {
  if (text(between) === between) return between
  return between.replace(/[^\s[\]{}:,]+/g, (token) => (text(token) === token ? token : `"${mark}"`))
}

function redactString(string: string, text: (text: string) => string): string {
  if (!string.includes('\\')) return text(string)
  try {
    const value = JSON.parse(string) as string
    const clean = text(value)
    return clean === value ? string : JSON.stringify(clean)
  } catch {
    return text(string)
  }
}

/** The place after the closing quote of the string that begins at `start`, or the end. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = json.indexOf('"', at)
    if (quote < 0) return json.length
    let slashes = 0
    while (json[quote - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return quote + 1
    at = quote + 1
  }
}
