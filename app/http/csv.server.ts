import { stringify } from 'csv-stringify/sync'

/**
 * Rows as CSV (RFC 4180), each ended by CR LF. A cell that holds a comma, a quote or any line break (CR, LF or both) is
 * quoted. A cell that a spreadsheet would run as a formula begins with `'` (OWASP, CSV injection).
 */
export const csvLines = (rows: string[][]): string =>
  stringify(
    rows.map((cells) => cells.map(defused)),
    { record_delimiter: 'windows', quote_record_delimiter: true },
  )

/** A longer cell goes out in pieces: the library looks at each of its characters. In UTF-16 units. */
export const maxCell = 500_000

const lineEnd = '\r\n'
const pieces = new RegExp(`.{1,${maxCell}}`, 'gsu')

/** The same of one row with a long cell, in pieces. */
export function* csvLineWithLongCell(
  before: string[],
  long: string,
  after: string[] = [],
): Generator<string, void> {
  yield `${csvLines([before]).slice(0, -lineEnd.length)},"`
  // whole code points: each piece is encoded by itself
  for (const [piece] of defused(long).matchAll(pieces)) yield piece.replaceAll('"', '""')
  yield after.length > 0 ? `",${csvLines([after])}` : `"${lineEnd}`
}

/**
 * What spreadsheets skip (spaces, line breaks, control and zero-width characters), and then the start of a formula: they
 * read full-width signs as plain ones.
 */
const formula = /^[\s\p{Z}\p{C}]*[=+\-@＝＋－＠]/u
const plainNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

const defused = (cell: string) => (formula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell)
