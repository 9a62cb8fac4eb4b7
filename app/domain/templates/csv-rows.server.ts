import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as aTurn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import { z } from 'zod'
import { beginning } from '../beginning'
import { addError, type FieldErrors, Invalid } from '../errors'
import { jobFields, type NewJobInput } from '../jobs/input'
import { lookup } from '../lookup'
import { fillTemplate } from './fill'
import type { TemplateView } from './view'

/** One row of a table: the job it makes, or what is wrong with it. */
export interface Row {
  /** As a spreadsheet counts: the column names are usually row 1, and empty rows count. */
  row: number
  /** By column: a variable's name, `priority` or `tags`. */
  values: Record<string, string>
  input: NewJobInput | null
  errors: FieldErrors
}

export type Filling = Pick<TemplateView, 'job' | 'variables'>

/** Columns that every template takes, beside its variables. */
const extras = ['priority', 'tags'] as const
const extraInput = z.object({ priority: jobFields.priority, tags: jobFields.tags })

/** More than the values of any job. A quote that never closes is found by it before the whole file is in memory. */
const mostRecordBytes = 1_000_000

export const refuseCsv = (message: string) => new Invalid({ csv: [message] })

/**
 * The rows of a table (RFC 4180, and what spreadsheets make of it: commas, semicolons or tabs, any line ends, a `sep=`
 * line), one at a time while the text is read.
 *
 * @param text in pieces of any size
 * @throws {Invalid} at `csv` if the text is no table of this template's
 */
export async function* csvRows(
  template: Filling,
  text: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Row, void> {
  let columns: Column[] | undefined
  let isEmpty = true
  for await (const { row, cells } of records(text)) {
    if (!columns) {
      columns = columnsOf(template, cells)
      continue
    }
    isEmpty = false
    const { values, problem } = valuesOf(columns, cells)
    yield problem
      ? { row, values, input: null, errors: { row: [problem] } }
      : { row, values, ...jobOf(template, values) }
  }
  if (!columns) throw refuseCsv('It is empty. Begin with a row of column names.')
  if (isEmpty) throw refuseCsv('It has a row of column names and no row below it.')
}

interface Numbered {
  row: number
  cells: string[]
}

/** Rows with something in them; spreadsheets leave rows of separators alone below a table. */
async function* records(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Numbered> {
  const pieces = inTurns(text)
  let head = ''
  while (!/\r(?!$)|\n/.test(head) && head.length < mostRecordBytes) {
    const next = await pieces.next()
    if (next.done) break
    head += next.value
  }
  const { delimiter, rest } = beginningOf(head)
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: mostRecordBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    trim: true,
  })
  async function* all() {
    yield rest
    yield* pieces
  }
  const fed = pipeline(Readable.from(all()), parser)
  // what goes wrong is thrown where the parser is read
  fed.catch(() => undefined)
  let row = 0
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++
      if (cells.some((cell) => cell !== '')) yield { row, cells }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw refuseCsv(
      `Row ${Number(error.records) + 1} can’t be read. ${lookup(problemsByCode, error.code) ?? error.message}`,
    )
  }
}

const problemsByCode = {
  CSV_QUOTE_NOT_CLOSED: 'A quote opens in it and never closes.',
  CSV_MAX_RECORD_SIZE: `It is larger than ${mostRecordBytes.toLocaleString('en')} bytes: perhaps a quote opens in it and never closes.`,
  CSV_INVALID_CLOSING_QUOTE: 'There is text behind a closing quote.',
  INVALID_OPENING_QUOTE:
    'There is a quote in the middle of a cell: put the whole cell in quotes, and double it.',
}

const pieceLength = 16_384

/** In pieces that are quick to parse, and other work between them. */
async function* inTurns(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void> {
  for await (const long of text) {
    for (let at = 0; at < long.length; at += pieceLength) {
      yield long.slice(at, at + pieceLength)
      await aTurn()
    }
  }
}

/** Excel writes and reads a first line such as `sep=;`, and does not count it. */
const separatorLine = /^\uFEFF?"?sep=([^\r\n])"?(?:\r\n|\r|\n|$)/i

function beginningOf(head: string): { delimiter: string; rest: string } {
  const told = separatorLine.exec(head)
  if (told) return { delimiter: told[1] as string, rest: head.slice(told[0].length) }
  const [first = ''] = head.trimStart().split(/\r\n?|\n/, 1)
  const outside = first.replaceAll(/"[^"]*"/g, '')
  const counted = [',', ';', '\t'].map((each) => [outside.split(each).length, each] as const)
  return { delimiter: counted.reduce((best, each) => (each[0] > best[0] ? each : best))[1], rest: head }
}

/** A variable's name, `priority` or `tags`; null for a column without a name. */
type Column = string | null

function columnsOf({ variables }: Filling, header: string[]): Column[] {
  const known = [...variables.map(({ name }) => name), ...extras]
  const columns = withoutEmptyEnd(header).map((cell): Column => {
    if (cell === '') return null
    if (known.includes(cell)) return cell
    const [alike, another] = known.filter((name) => name.toLowerCase() === cell.toLowerCase())
    if (alike !== undefined && another === undefined) return alike
    throw refuseCsv(`The column “${beginning(cell, 60)}” is none of ${known.join(', ')}.`)
  })
  const twice = columns.find((column, at) => column !== null && columns.indexOf(column) !== at)
  if (twice) throw refuseCsv(`The column “${twice}” is there twice.`)
  const missing = variables.filter(
    ({ name, required, default: preset }) => required && preset === null && !columns.includes(name),
  )
  if (missing.length > 0)
    throw refuseCsv(`It lacks the column ${missing.map(({ name }) => `“${name}”`).join(' and ')}.`)
  return columns
}

const withoutEmptyEnd = (cells: string[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)

function valuesOf(columns: Column[], cells: string[]): { values: Record<string, string>; problem?: string } {
  const values = Object.fromEntries(
    columns.flatMap((column, at) => (column === null ? [] : [[column, cells[at] ?? '']])),
  )
  const filled = withoutEmptyEnd(cells).length
  if (cells.length < columns.length || filled > columns.length) {
    const count = Math.max(filled, Math.min(cells.length, columns.length))
    const has = count === 1 ? '1 cell' : `${count} cells`
    return { values, problem: `It has ${has}; the first row has ${columns.length}.` }
  }
  const nameless = columns.findIndex((column, at) => column === null && cells[at] !== '')
  if (nameless >= 0) return { values, problem: `Its cell ${nameless + 1} is in a column without a name.` }
  return { values }
}

/** The job of one row. @param values by column */
export function jobOf(
  template: Filling,
  values: Record<string, string>,
): { input: NewJobInput | null; errors: FieldErrors } {
  const names = template.variables.map(({ name }) => name)
  const own = Object.fromEntries(names.map((name) => [name, lookup(values, name) ?? '']))
  const { input, errors } = fillTemplate(template, own)
  const extra = (column: string) => (names.includes(column) ? '' : (lookup(values, column) ?? ''))
  const more = extraInput.safeParse({ priority: extra('priority'), tags: extra('tags') })
  if (!more.success) {
    for (const { path, message } of more.error.issues) {
      addError(errors, String(path[0]), message)
    }
    return { input: null, errors }
  }
  if (!input) return { input, errors }
  return {
    input: {
      ...input,
      ...(more.data.priority != null && { priority: more.data.priority }),
      ...(more.data.tags && { tags: [...new Set([...(input.tags ?? []), ...more.data.tags])].sort() }),
    },
    errors,
  }
}
