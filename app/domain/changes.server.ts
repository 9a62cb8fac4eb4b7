import { beginning } from './beginning'
import { redacted } from './payload.server'
import { localText, utc } from './zones/clock'

/** What an edit changed, field by field, in words: for logs, conflict messages and the audit. Secrets are masked. */

/** The most of a value that is shown, in characters. */
const mostShown = 200

type Value = string | number | boolean | null | undefined

/** `Changed name from “a” to “b”, priority from 0 to 5.` */
export const changedSentence = (changes: string[]): string => `Changed ${changes.join(', ')}.`

/** Each function here returns one phrase for each thing that differs, and none if nothing does. */

/** `priority from 0 to 5` */
export function changedWord(label: string, before: Value, after: Value): string[] {
  return same(before, after) ? [] : [`${label} from ${word(before)} to ${word(after)}`]
}

/** `name from “a” to “b”`; of texts of several lines, or long ones, `description (+3 / -1 lines)` */
export function changedText(label: string, before: string | null, after: string | null): string[] {
  if (same(before, after)) return []
  const isLong = [before, after].some(
    (text) => text !== null && (text.includes('\n') || text.length > mostShown),
  )
  return [`${label} ${isLong ? `(${lineDifference(before ?? '', after ?? '')})` : fromTo(before, after)}`]
}

/** `name from “a” to “b”`, however long they are */
export function changedName(label: string, before: string | null, after: string | null): string[] {
  return same(before, after) ? [] : [`${label} ${fromTo(before, after)}`]
}

/** `start time from none to 2031-01-01 00:00 UTC`; milliseconds since 1970 UTC */
export function changedTime(label: string, before: number | null, after: number | null): string[] {
  return changedWord(label, moment(before), moment(after))
}

/** `tags (+new, -old)` */
export function changedSet(label: string, before: readonly string[], after: readonly string[]): string[] {
  const { added, removed } = setDifference(before, after)
  const parts = [...added.map((each) => `+${shown(each)}`), ...removed.map((each) => `-${shown(each)}`)]
  return parts.length > 0 ? [`${label} (${parts.join(', ')})`] : []
}

/** `metadata customer from “a” to “b”`: one phrase for each key that differs, sorted */
export function changedRecord(
  label: string,
  before: Record<string, string>,
  after: Record<string, string>,
): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((key) => {
    const [from, to] = [was.get(key) ?? null, is.get(key) ?? null]
    return same(from, to) ? [] : [`${label} ${key} from ${underName(key, from)} to ${underName(key, to)}`]
  })
}

/** `apiKey (replaced)`: that a secret changed, never what it is */
export function changedSecret(label: string, before: unknown, after: unknown): string[] {
  if (same(before, after)) return []
  const [had, has] = [before, after].map((value) => value !== null && value !== undefined)
  return [`${label} (${had && has ? 'replaced' : has ? 'set' : 'removed'})`]
}

export function setDifference(before: readonly string[], after: readonly string[]) {
  const [was, is] = [new Set(before), new Set(after)]
  return {
    added: [...is].filter((each) => !was.has(each)),
    removed: [...was].filter((each) => !is.has(each)),
  }
}

const same = (before: unknown, after: unknown) => (before ?? null) === (after ?? null)

function word(value: Value): string {
  if (value === null || value === undefined || value === '') return 'none'
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : shown(String(value))
}

const fromTo = (before: string | null, after: string | null) => `from ${quoted(before)} to ${quoted(after)}`

const quoted = (text: string | null) => (text === null || text === '' ? 'none' : `“${shown(text)}”`)

/** A value under a key whose name may say that it is a secret. */
function underName(key: string, text: string | null): string {
  if (text === null) return 'none'
  const [clean] = Object.values(JSON.parse(redacted(JSON.stringify({ [key]: text }))) as object)
  return quoted(String(clean))
}

function shown(text: string): string {
  const clean = redacted(text)
  return clean.length > mostShown ? `${beginning(clean, mostShown)}…` : clean
}

const moment = (at: number | null) =>
  at === null ? null : `${localText(at).slice(0, 16).replace('T', ' ')} ${utc}`

/** How many lines are only in one of them. */
function lineDifference(before: string, after: string): string {
  const counts = new Map<string, number>()
  for (const line of lines(after)) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of lines(before)) counts.set(line, (counts.get(line) ?? 0) - 1)
  let [added, removed] = [0, 0]
  for (const count of counts.values()) {
    if (count > 0) added += count
    else removed -= count
  }
  return added + removed === 0 ? 'lines reordered' : `+${added} / -${removed} lines`
}

const lines = (text: string) => (text === '' ? [] : text.split('\n'))
