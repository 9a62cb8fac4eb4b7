import { beginning } from '../beginning'
import { ExactNumber, exactJson } from '../exact-json'
import { lookup } from '../lookup'
import { saysMarkdown } from './declared-type'
import { imageOf, type ResultImage, withoutMiddle } from './result-image'

/** What a result is, by the JSON text that it is kept as: decided where it is read, since parsing is not for browsers. */

export interface Table {
  kind: 'table'
  /** What stands beside the rows, as text. */
  facts: [name: string, value: string][]
  columns: string[]
  /** As text, numbers as they were written. */
  rows: string[][]
  /** Which columns hold nothing but numbers. */
  numeric: boolean[]
  /** How many rows and columns there are in all. */
  total: { rows: number; columns: number }
}

export type ResultShape =
  | { kind: 'json' }
  | { kind: 'text' }
  | { kind: 'markdown'; text: string }
  | { kind: 'image'; image: ResultImage }
  | Table

/** The longest result that is parsed for its page, in characters. */
export const maxShaped = 500_000
export const mostRows = 200
export const mostColumns = 20

/**
 * @param json the text as it is kept, or more than `maxShaped` characters of its beginning
 * @param tail its end, where it is not whole
 */
export function shapeOf(json: string, tail: string | null = null): ResultShape {
  const image = imageOf(tail === null ? json : withoutMiddle(json, tail))
  if (image) return { kind: 'image', image }
  const isText = json.trimStart().startsWith('"')
  if (tail !== null || json.length > maxShaped) return isText ? { kind: 'text' } : { kind: 'json' }
  try {
    const { root: value, repeated } = exactJson(json)
    // a table has one place for a name: the text has them all
    if (repeated !== null) return { kind: 'json' }
    if (typeof value === 'string') return textShape(value)
    if (Array.isArray(value)) return tableOf(value, null, []) ?? { kind: 'json' }
    return isObject(value) ? objectShape(value) : { kind: 'json' }
  } catch {
    return { kind: 'json' }
  }
}

type Value = unknown
const isObject = (value: Value): value is Record<string, Value> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
const isScalar = (value: Value) => !Array.isArray(value) && !isObject(value)

const textShape = (text: string): ResultShape =>
  looksLikeMarkdown(text) ? { kind: 'markdown', text } : { kind: 'text' }

/** Each reads the text once, whatever is in it: a page waits for them. */
// one # and no blank line after it: the prompt of a root shell
const strong = [/^#{2,6} \S/m, /^# \S.*\n[^\S\n]*\n/m, /^(```|~~~)/m]
const weak = [
  /^[-*+] \S.*\n(?:[-*+] |\s+\S)/m,
  /^\d+[.)] \S.*\n(?:\d+[.)] |\s+\S)/m,
  /\*\*\S[^*\n]*\*\*/,
  /\[[^[\]\n]+\]\(https?:\/\/[^\s)]/,
  /^> \S/m,
  /`[^`\n]+`/,
]

/** Whether a text is Markdown and not just a text with a dash in it: one sure sign, or two that may be chance. */
export function looksLikeMarkdown(text: string): boolean {
  const beginning = text.slice(0, 20_000)
  const isSure = strong.some((sign) => sign.test(beginning)) || hasTable(beginning)
  return isSure || weak.filter((sign) => sign.test(beginning)).length > 1
}

/** A line with cells, and the line of dashes below it. */
function hasTable(text: string): boolean {
  const lines = text.split('\n')
  return lines.some((line, at) => /^\|?\s*:?---[-:| ]*\r?$/.test(line) && /.\|./.test(lines[at - 1] ?? ''))
}

function objectShape(value: Record<string, Value>): ResultShape {
  const text = [value.markdown, value.text, value.content].find((each) => typeof each === 'string')
  if (text !== undefined && saysMarkdown(value)) return { kind: 'markdown', text }
  return tableInside(value) ?? { kind: 'json' }
}

/** An object whose one list are rows, the rest of it facts beside them. */
function tableInside(value: Record<string, Value>): Table | null {
  const names = (value.columns ?? value.header) as Value
  const header = Array.isArray(names) && names.every((each) => typeof each === 'string') ? names : null
  const rest = Object.entries(value).filter(([, each]) => each !== names || !header)
  const lists = rest.filter(([, each]) => !isScalar(each))
  const [list] = lists
  if (lists.length !== 1 || !list || !Array.isArray(list[1])) return null
  const facts = rest
    .filter(([, each]) => isScalar(each))
    .map(([name, each]): [string, string] => [name, cellText(each)])
  return tableOf(list[1], header, facts)
}

/** Rows that are flat objects, or flat lists. */
function tableOf(list: Value[], header: string[] | null, facts: Table['facts']): Table | null {
  if (list.length === 0) return null
  const ofObjects = list.every((row) => isObject(row) && Object.values(row).every(isScalar))
  const ofLists = list.every((row) => Array.isArray(row) && row.length > 0 && row.every(isScalar))
  if (!ofObjects && !(ofLists && (header || list.length > 1))) return null
  const shown = list.slice(0, mostRows)
  const names = ofObjects
    ? [...new Set(shown.flatMap((row) => Object.keys(row as object)))]
    : (header ?? Array.from({ length: (list[0] as Value[]).length }, (_, index) => String(index + 1)))
  const columns = names.slice(0, mostColumns)
  const cells = shown.map((row) =>
    columns.map((name, index): Value => (ofObjects ? lookup(row as object, name) : (row as Value[])[index])),
  )
  return {
    ...{ kind: 'table', facts, columns },
    rows: cells.map((row) => row.map(cellText)),
    numeric: columns.map((_, index) =>
      cells.every(
        (row) => row[index] === undefined || row[index] === null || row[index] instanceof ExactNumber,
      ),
    ),
    total: { rows: list.length, columns: names.length },
  }
}

const cellText = (value: Value): string => {
  if (value === null || value === undefined) return ''
  if (value instanceof ExactNumber) return value.written
  const text = String(value)
  return text.length > 500 ? `${beginning(text, 500)}…` : text
}
