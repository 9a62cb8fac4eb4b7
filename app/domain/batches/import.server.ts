import { beginning } from '../beginning'
import { type Desk, newId } from '../desk'
import { type FieldErrors, Invalid } from '../errors'
import type { IdempotencyKey } from '../idempotency.server'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { badRowsText } from '../templates/csv.server'
import { type Row, refuseCsv } from '../templates/csv-rows.server'
import type { TemplateView } from '../templates/view'
import { dropBatch } from './drop.server'
import { closeDraft, insertDraft, theDraft } from './freeze.server'
import { errorsText } from './may'
import { type BatchPreview, type FirstJob, mostImported } from './view'

/** So many rows, or characters of them, are written down in one write, so that others need not wait long. */
const sliceRows = 500
const sliceCharacters = 256_000
/** Of the descriptions and criteria of all jobs together: a small file must not fill the disk. */
const mostCharacters = 200_000_000
/** More kinds of errors than that are counted as one. */
const mostReasons = 20
/** A bad row that is longer is not kept: no good one is. */
const keptCharacters = 500_000
const shownJobs = 5
const shownErrors = 20
const shownCharacters = 300

export interface NewImport {
  template: TemplateView
  rows: AsyncIterable<Row>
  fileName?: string | null
  /** The import whose failed rows these are. */
  retryOf?: string
  /** What becomes of bad rows: they are shown with the draft, or skipped, or the import is refused. */
  onBad?: 'show' | 'skip' | 'refuse'
  /** At most so many rows. */
  most?: number
  /** Of a request that may come twice; asked for once the rows are read. */
  idempotency?: () => IdempotencyKey | undefined
}

/**
 * Writes down the rows of a table while they come, as the draft of a batch that only its maker sees. Each row has the id
 * of the job that it makes from the start; rows that no job can be made of are refused already.
 *
 * @returns the draft's id, or that of the batch that the first request with the key made
 * @throws {Invalid} at `csv` if it is no table of this template's, or too large, or has rows that are too bad for `onBad`;
 *   {Conflict} the key came with something else
 */
export async function freezeImport(desk: Desk, actor: UserActor, wanted: NewImport): Promise<string> {
  const {
    template,
    rows,
    fileName = null,
    retryOf,
    onBad = 'show',
    most = mostImported,
    idempotency,
  } = wanted
  const at = desk.now()
  const batchId = newId(at)
  const draft: Args = {
    ...{ batchId, at, actorId: actor.id, scope: 'own', verb: 'import', args: '{}', filter: null },
    retryOf: retryOf ?? null,
    templateId: template.id,
    templateName: template.name,
    fileName: fileName && beginning(fileName, 200),
    template: jsonArg({ job: template.job, variables: template.variables }),
  }
  await desk.db.write({
    statements: [statement(insertDraft, draft), statement(insertImport, draft)],
    outcome: statement(theDraft, draft),
  })
  try {
    const counts = await keepRows(desk, { batchId, at, most }, rows)
    if (onBad === 'refuse' && counts.refused > 0) throw new Invalid({ csv: badRowsText(counts.bad) })
    if (onBad !== 'show' && counts.refused === counts.total)
      throw refuseCsv('No row of it can be made into a job.')
    const { total, refused, preview, first } = counts
    const whole = { ...draft, total, refused, preview: jsonArg(preview), first: jsonArg(first) }
    return await closeDraft(desk, actor, batchId, whole, [keepFirst], idempotency?.())
  } catch (error) {
    // a draft that is in the way for a day is no reason to hide what went wrong
    await dropBatch(desk, actor, batchId).catch(() => undefined)
    throw error
  }
}

interface Counts {
  total: number
  refused: number
  preview: BatchPreview
  first: FirstJob[]
  /** The first few bad rows. */
  bad: { row: number; errors: FieldErrors }[]
}

async function keepRows(
  desk: Desk,
  { batchId, at, most }: { batchId: string; at: number; most: number },
  rows: AsyncIterable<Row>,
): Promise<Counts> {
  const reasons = new Map<string, number>()
  const first: FirstJob[] = []
  const bad: Counts['bad'] = []
  let [total, refused, characters, held] = [0, 0, 0, 0]
  let slice: { jobId: string }[] = []
  for await (const { row, values, input, errors } of rows) {
    if (++total > most) throw refuseCsv(`It has more than ${most.toLocaleString('en')} rows. Split it.`)
    if (input) {
      characters += input.description.length + input.acceptanceCriteria.length
      if (first.length < shownJobs) first.push(shown(row, input))
    } else {
      refused++
      if (bad.length < shownErrors) bad.push({ row, errors })
      const reason = errorsText(errors)
      const known = reasons.has(reason) || reasons.size < mostReasons ? reason : 'Other problems.'
      reasons.set(known, (reasons.get(known) ?? 0) + 1)
    }
    if (characters > mostCharacters)
      throw refuseCsv(`Its jobs are longer than ${mostCharacters.toLocaleString('en')} characters. Split it.`)
    const cells = jsonArg(values)
    // a row that is cut in the wrong places, or far too long, can't be tried again
    const kept = errors.row || (!input && cells.length > keptCharacters) ? null : cells
    const line = { jobId: newId(at), row, cells: kept, errors: input ? null : jsonArg(errors) }
    slice.push(line)
    held += kept?.length ?? 0
    if (slice.length === sliceRows || held > sliceCharacters) {
      await keepSlice(desk, batchId, slice)
      slice = []
      held = 0
    }
  }
  if (slice.length > 0) await keepSlice(desk, batchId, slice)
  const ineligible = [...reasons].map(([reason, count]) => ({ reason, count }))
  return { total, refused, preview: { eligible: total - refused, ineligible }, first, bad }
}

function shown(row: number, { name, description, priority, tags }: NonNullable<Row['input']>): FirstJob {
  return {
    ...{ row, name, priority: priority ?? 0, tags: tags ?? [] },
    description: beginning(description, shownCharacters),
  }
}

async function keepSlice(desk: Desk, batchId: string, slice: { jobId: string }[]): Promise<void> {
  const args: Args = { batchId, rows: jsonArg(slice), last: slice.at(-1)?.jobId ?? null }
  await desk.db.write({
    statements: [statement(insertRows, args)],
    outcome: statement(theLastRow, args),
  })
}

const insertImport = `INSERT INTO imports (batchId, templateId, templateName, fileName, template)
  VALUES (:batchId, :templateId, :templateName, :fileName, :template)`
const keepFirst = `UPDATE imports SET first = :first WHERE batchId = :batchId
  AND EXISTS (SELECT 1 FROM batches b WHERE b.id = :batchId AND b.state = 'DRAFT')`
const insertRows = `INSERT INTO batch_items (batchId, jobId, row, cells, errors, outcome)
  SELECT :batchId, r.value ->> 'jobId', r.value ->> 'row', r.value ->> 'cells', r.value ->> 'errors',
    CASE WHEN r.value ->> 'errors' IS NULL THEN NULL ELSE 'REFUSED' END
  FROM json_each(:rows) r`
const theLastRow = 'SELECT jobId FROM batch_items WHERE batchId = :batchId AND jobId = :last'
