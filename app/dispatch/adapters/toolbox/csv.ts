import { CsvError, parse } from 'csv-parse/sync'
import { LosslessNumber } from 'lossless-json'
import { Refusal } from './refusal'

export type ColumnType = 'integer' | 'number' | 'date' | 'boolean' | 'text' | 'empty'

export interface CsvColumn {
  name: string
  type: ColumnType
  /** Numbers compare as numbers, dates and text by their characters; null in an empty column. Integers are exact. */
  min: LosslessNumber | number | string | null
  max: LosslessNumber | number | string | null
  /** Of numbers only, rounded to 12 digits. */
  mean: number | null
  /** Cells that are blank or say NA, N/A, NULL or NaN. */
  missing: number
  distinct: number
}

/** So many columns are summarized: each takes more room in the result than in the table. */
export const maxColumns = 1000

export interface CsvSummary {
  delimiter: string
  rows: number
  /** How many there are; at most the first 1,000 are in `columns`. */
  columnCount: number
  columns: CsvColumn[]
}

const delimiters = [',', ';', '\t', '|']
const integer = /^[+-]?(?:0|[1-9]\d*)$/
const decimal = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * What is in the columns of `text`, whose first row names them. The delimiter (comma, semicolon, tab or pipe) is the
 * commonest in the first row. Throws Refusal for what cannot be read.
 */
export function summariseCsv(text: string): CsvSummary {
  const delimiter = guessDelimiter(text)
  const [header, ...rows] = readRows(text, delimiter)
  if (!header) throw new Refusal('The CSV has no rows: its first row should name the columns.')
  return {
    delimiter,
    rows: rows.length,
    columnCount: header.length,
    columns: header.slice(0, maxColumns).map((name, index) => ({
      name: name.trim() || `column ${index + 1}`,
      ...summariseCells(rows.map((row) => row[index]?.trim() ?? '')),
    })),
  }
}

function guessDelimiter(text: string): string {
  const firstLine =
    text
      .trimStart()
      .split(/\r\n|\r|\n/, 1)[0]
      ?.replace(/"[^"]*"/g, '') ?? ''
  const count = (delimiter: string) => firstLine.split(delimiter).length
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}

function readRows(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as string[][]
  } catch (error) {
    if (error instanceof CsvError) throw new Refusal(`The CSV cannot be read: ${error.message}.`)
    throw error
  }
}

function summariseCells(cells: string[]): Omit<CsvColumn, 'name'> {
  const values = cells.filter((cell) => !/^(?:|na|n\/a|null|nan)$/i.test(cell))
  const counted = { missing: cells.length - values.length, distinct: new Set(values).size }
  const type = typeOf(values)
  if (type === 'integer') return { type, ...integerRange(values), ...counted }
  if (type === 'number') return { type, ...numberRange(values.map(Number)), ...counted }
  return { type, ...textRange(values), mean: null, ...counted }
}

function typeOf(values: string[]): ColumnType {
  const all = (pattern: RegExp) => values.every((value) => pattern.test(value))
  if (values.length === 0) return 'empty'
  if (all(integer)) return 'integer'
  if (all(decimal) && values.every((value) => Number.isFinite(Number(value)))) return 'number'
  if (all(isoDate)) return 'date'
  if (all(/^(?:true|false|yes|no)$/i)) return 'boolean'
  return 'text'
}

/** By BigInt, so that account numbers past 2^53 keep every digit. */
function integerRange(values: string[]) {
  const numbers = values.map(BigInt)
  let [min = 0n, max = 0n] = [numbers[0], numbers[0]]
  let sum = 0n
  for (const value of numbers) {
    if (value < min) min = value
    if (value > max) max = value
    sum += value
  }
  const count = BigInt(numbers.length)
  const mean = Number(sum / count) + Number(sum % count) / numbers.length
  return {
    min: new LosslessNumber(String(min)),
    max: new LosslessNumber(String(max)),
    mean: round(mean),
  }
}

function numberRange(values: number[]) {
  let [min = 0, max = 0] = [values[0], values[0]]
  let sum = 0
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
    sum += value
  }
  return { min, max, mean: round(sum / values.length) }
}

function textRange(values: string[]) {
  let [min = null, max = null]: (string | null | undefined)[] = [values[0], values[0]]
  for (const value of values) {
    if (min === null || value < min) min = value
    if (max === null || value > max) max = value
  }
  return { min, max }
}

/** Sums of decimals carry noise in their last digits (0.1 + 0.2), which says nothing. */
const round = (value: number) => Number(value.toPrecision(12))
