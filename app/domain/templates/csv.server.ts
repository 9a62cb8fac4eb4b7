import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { createJobs, type Idempotency } from '../jobs/create.server'
import type { UserActor } from '../policy'
import { csvRows, type Row } from './csv-rows.server'
import { findTemplate } from './queries.server'
import type { CsvPreview, TemplateView } from './view'

/** They are made in one unit, which other requests wait for: about 0.1 s. */
export const mostRows = 1000
/** A thousand long jobs would hold up other requests for seconds, and a server takes no value of 5 MB. */
export const mostBytes = 4_000_000

/** A table whose jobs are too many, or too long, to be made in one unit; an import takes it. */
export class TooLargeAtOnce extends Invalid {
  constructor(message: string) {
    super({ csv: [`${message} Import it instead.`] })
  }
}

/** One job a row. @throws {Invalid} at `csv` if the text is no table of this template's; {TooLargeAtOnce} */
async function readCsv(template: TemplateView, text: string): Promise<Row[]> {
  const rows: Row[] = []
  let bytes = 0
  for await (const row of csvRows(template, [text])) {
    if (rows.push(row) > mostRows)
      throw new TooLargeAtOnce(`It has more than ${mostRows.toLocaleString('en')} rows.`)
    bytes += row.input ? Buffer.byteLength(JSON.stringify(row.input)) : 0
    if (bytes > mostBytes)
      throw new TooLargeAtOnce(`Its jobs are longer than ${mostBytes.toLocaleString('en')} bytes.`)
  }
  return rows
}

/** Adds a row to a preview. @param mostBad further bad rows are only counted */
export function addTo(preview: CsvPreview, { row, input, errors }: Row, mostBad = mostRows): void {
  preview.rows++
  if (!input) {
    if (preview.bad.length < mostBad) preview.bad.push({ row, errors })
    return
  }
  preview.good++
  if (preview.first.length === shownJobs) return
  const { name, description, acceptanceCriteria, priority, tags } = input
  preview.first.push({
    ...{ row, name, description, acceptanceCriteria },
    ...{ priority: priority ?? 0, tags: tags ?? [] },
  })
}
const shownJobs = 5

/** What the text would make; nothing is made. @throws {Invalid | NotFound} */
export async function previewCsv(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  text: string,
): Promise<CsvPreview> {
  const preview: CsvPreview = { rows: 0, good: 0, bad: [], first: [] }
  for (const row of await readCsv(await findTemplate(desk, actor, templateId), text)) addTo(preview, row)
  return preview
}

/** What is wrong with the first bad rows, a sentence each. */
export const badRowsText = (bad: Pick<Row, 'row' | 'errors'>[]): string[] =>
  bad
    .slice(0, 20)
    .flatMap(({ row, errors }) =>
      Object.entries(errors).map(([field, messages]) => `Row ${row}, ${field}: ${messages.join(' ')}`),
    )

/** Makes one job a row, all or none. @returns their ids @throws {Invalid | Conflict | NotFound} */
export async function makeFromCsv(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  { csv, onlyGood }: { csv: string; onlyGood: boolean },
  idempotency?: Omit<Idempotency, 'answer'>,
): Promise<string[]> {
  const template = await findTemplate(desk, actor, templateId)
  const rows = await readCsv(template, csv)
  const bad = rows.filter(({ input }) => !input)
  if (bad.length > 0 && !onlyGood) {
    throw new Invalid({ csv: badRowsText(bad) })
  }
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []))
  if (inputs.length === 0) throw new Invalid({ csv: ['No row of it can be made into a job.'] })
  const origin = { templateId, words: ` from the template “${template.name}”` }
  return createJobs(desk, actor, inputs, origin, idempotency)
}
