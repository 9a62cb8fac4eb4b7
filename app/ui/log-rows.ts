import type { LogView } from '~/domain/jobs/view'
import type { Excerpt } from './excerpt'

export type LogRow = LogView<Excerpt>

/** How a job's log, or a part of it, grows. Its numbers are 1, 2, 3 without a gap; those of one that is narrowed have gaps. */

/**
 * What was read put to what was shown before, as one log without a gap that ends with the newest row: what comes before a
 * gap is a link away. What was read counts most.
 */
export function joined(before: LogRow[], read: LogRow[]): LogRow[] {
  const byNumber = new Map([...before, ...read].map((row) => [row.number, row]))
  const rows: LogRow[] = []
  for (let number = Math.max(...byNumber.keys()); byNumber.has(number); number--)
    rows.push(byNumber.get(number) as LogRow)
  return rows.reverse()
}

/** The same of a log that is narrowed. Of what was shown before, only what follows on. */
export function together(before: LogRow[], read: LogRow[]): LogRow[] {
  const from = read[0]?.number ?? 0
  const overlaps = before.some(({ number }) => number === from)
  const byNumber = new Map([...before, ...read].map((row) => [row.number, row]))
  return [...byNumber.values()]
    .filter(({ number }) => overlaps || number >= from)
    .sort((a, b) => a.number - b.number)
}

/**
 * The rows with what was heard after them.
 *
 * @returns null where a row between them is missing: it has to be read
 */
export function appended(rows: LogRow[], heard: LogRow[], isNarrowed: boolean): LogRow[] | null {
  const grown = [...rows]
  for (const row of heard) {
    const last = grown.at(-1)?.number ?? 0
    if (row.number <= last) continue
    if (!isNarrowed && row.number > last + 1) return null
    grown.push(row)
  }
  return grown
}
