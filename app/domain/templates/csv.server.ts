import { CsvError, parse } from 'csv-parse/sync'
import { beginning } from '../beginning'
import type { Desk } from '../desk'
import { addError, type FieldErrors, Invalid } from '../errors'
import { createJobs, type Idempotency } from '../jobs/create.server'
import { type NewJobInput, newJobInput } from '../jobs/input'
import type { UserActor } from '../policy'
import { fillTemplate } from './fill'
import { findTemplate } from './queries.server'
import type { CsvPreview, TemplateView } from './view'

/** They are made in one unit, which other requests wait for: about 0.1 s. */
export const mostRows = 1000
/** A thousand long jobs would hold up other requests for seconds. */
export const mostCharacters = 4_000_000

/** Columns that every template takes, beside its variables. */
const extras = ['priority', 'tags'] as const
const extraInput = newJobInput.pick({ priority: true, tags: true })

interface Row {
  /** As a spreadsheet counts: the column names are row 1, and empty rows count. */
  row: number
  input: NewJobInput | null
  errors: FieldErrors
}

interface Numbered {
  row: number
  cells: string[]
}

/** One job a row. @throws {Invalid} at `csv` where the text is no table of this template's */
export function readCsv(template: TemplateView, text: string): Row[] {
  const refuse = (message: string) => new Invalid({ csv: [message] })
  if (text.includes('\uFFFD')) throw refuse('It is no UTF-8. Save it as “CSV UTF-8”.')
  const records = parsed(text, refuse)
  const [first, ...rows] = records
  const header = first?.cells ?? []
  if (header.length === 0) throw refuse('It is empty. Begin with a row of column names.')
  if (rows.length === 0) throw refuse('It has a row of column names and no row below it.')
  if (rows.length > mostRows)
    throw refuse(
      `It has ${rows.length.toLocaleString('en')} rows; ${mostRows.toLocaleString('en')} are the most. Split it.`,
    )
  const names = template.variables.map(({ name }) => name)
  const known = [...names, ...extras]
  const unknown = header.find((column) => !known.includes(column))
  if (unknown !== undefined)
    throw refuse(`The column “${beginning(unknown, 60)}” is none of ${known.join(', ')}.`)
  const twice = header.find((column, at) => header.indexOf(column) !== at)
  if (twice !== undefined) throw refuse(`The column “${twice}” is there twice.`)
  const missing = template.variables.filter(
    ({ name, required, default: preset }) => required && preset === null && !header.includes(name),
  )
  if (missing.length > 0)
    throw refuse(`It lacks the column ${missing.map(({ name }) => `“${name}”`).join(' and ')}.`)
  let characters = 0
  return rows.map(({ row, cells }) => {
    if (cells.length !== header.length) {
      const message = `It has ${cells.length} cells; the first row has ${header.length}.`
      return { row, input: null, errors: { row: [message] } }
    }
    const values = Object.fromEntries(header.map((column, n) => [column, cells[n] ?? '']))
    const { input, errors } = jobOf(template, names, values)
    characters += input ? input.description.length + input.acceptanceCriteria.length : 0
    if (characters > mostCharacters)
      throw refuse(`Its jobs are longer than ${mostCharacters.toLocaleString('en')} characters. Split it.`)
    return { row, input, errors }
  })
}

function parsed(text: string, refuse: (message: string) => Invalid): Numbered[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      trim: true,
    }) as string[][]
    const numbered = records.map((cells, at) => ({ row: at + 1, cells }))
    return numbered.filter(({ cells }) => cells.length > 1 || cells[0] !== '')
  } catch (error) {
    if (error instanceof CsvError) throw refuse(`It is no CSV: ${error.message}.`)
    throw error
  }
}

/** What parts the first row the most. */
function delimiterOf(text: string): string {
  const [first = ''] = text.trimStart().split(/\r\n?|\n/, 1)
  const counted = [',', ';', '\t'].map((each) => [first.split(each).length, each] as const)
  return counted.reduce((best, each) => (each[0] > best[0] ? each : best))[1]
}

function jobOf(template: TemplateView, names: string[], values: Record<string, string>) {
  const { input, errors } = fillTemplate(
    template,
    Object.fromEntries(names.map((name) => [name, values[name] ?? ''])),
  )
  const own = (column: string) => (names.includes(column) ? '' : (values[column] ?? ''))
  const more = extraInput.safeParse({ priority: own('priority'), tags: own('tags') })
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

/** What the text would make; nothing is made. @throws {Invalid | NotFound} */
export async function previewCsv(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  text: string,
): Promise<CsvPreview> {
  const rows = readCsv(await findTemplate(desk, actor, templateId), text)
  const good = rows.flatMap(({ row, input }) => (input ? [{ row, input }] : []))
  return {
    rows: rows.length,
    good: good.length,
    bad: rows.flatMap(({ row, input, errors }) => (input ? [] : [{ row, errors }])),
    first: good.slice(0, 5).map(({ row, input }) => ({
      row,
      name: input.name,
      description: input.description,
      acceptanceCriteria: input.acceptanceCriteria,
      priority: input.priority ?? 0,
      tags: input.tags ?? [],
    })),
  }
}

/** Makes one job a row, all or none. @returns their ids @throws {Invalid | Conflict | NotFound} */
export async function makeFromCsv(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  { csv, onlyGood }: { csv: string; onlyGood: boolean },
  idempotency?: Omit<Idempotency, 'answer'>,
): Promise<string[]> {
  const template = await findTemplate(desk, actor, templateId)
  const rows = readCsv(template, csv)
  const bad = rows.filter(({ input }) => !input)
  if (bad.length > 0 && !onlyGood) {
    const said = bad
      .slice(0, 20)
      .flatMap(({ row, errors }) =>
        Object.entries(errors).map(([field, messages]) => `Row ${row}, ${field}: ${messages.join(' ')}`),
      )
    throw new Invalid({ csv: said })
  }
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []))
  if (inputs.length === 0) throw new Invalid({ csv: ['No row of it can be made into a job.'] })
  const origin = { templateId, words: ` from the template “${template.name}”` }
  return createJobs(desk, actor, inputs, origin, idempotency)
}
