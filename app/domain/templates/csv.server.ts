import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { createJobs, type Idempotency } from '../jobs/create.server'
import type { UserActor } from '../policy'
import { csvRows, type Row, refuseCsv } from './csv-rows.server'
import { findTemplate } from './queries.server'
import type { CsvPreview, TemplateView } from './view'

/** They are made in one unit, which other requests wait for: about 0.1 s. */
export const mostRows = 1000
/** A thousand long jobs would hold up other requests for seconds. */
export const mostCharacters = 4_000_000

/** One job a row. @throws {Invalid} at `csv` where the text is no table of this template's, or too large to be made at once */
async function readCsv(template: TemplateView, text: string): Promise<Row[]> {
  const rows: Row[] = []
  let characters = 0
  for await (const row of csvRows(template, [text])) {
    if (rows.push(row) > mostRows)
      throw refuseCsv(`It has more than ${mostRows.toLocaleString('en')} rows. Split it.`)
    characters += row.input ? row.input.description.length + row.input.acceptanceCriteria.length : 0
    if (characters > mostCharacters)
      throw refuseCsv(`Its jobs are longer than ${mostCharacters.toLocaleString('en')} characters. Split it.`)
  }
  return rows
}

/** What the text would make; nothing is made. @throws {Invalid | NotFound} */
export async function previewCsv(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  text: string,
): Promise<CsvPreview> {
  const rows = await readCsv(await findTemplate(desk, actor, templateId), text)
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
  const rows = await readCsv(template, csv)
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
