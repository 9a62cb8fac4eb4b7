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

/**
 * What spreadsheets skip (spaces, line breaks, control and zero-width characters), and then the start of a formula: they
 * read full-width signs as plain ones.
 */
const formula = /^[\s\p{Z}\p{C}]*[=+\-@＝＋－＠]/u
const plainNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

const defused = (cell: string) => (formula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell)
