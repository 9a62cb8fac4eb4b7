import { type Desk, newId } from '../desk'
import type { FieldErrors } from '../errors'
import { jobInsertion, jobsToInsert } from '../jobs/create.server'
import type { NewJobInput } from '../jobs/input'
import { outcomeSql } from '../jobs/transition.server'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { type Filling, jobOf } from '../templates/csv-rows.server'
import { keptRows } from './import-rows.server'
import { closeSlice, theirs } from './slice.server'

/** A slice writes about so many characters of jobs at the most; one row is always taken. */
const mostCharacters = 400_000

export interface ImportSlice {
  batchId: string
  actor: UserActor
  /** At most so many rows. */
  size: number
  /** Of the worker that holds the batch. */
  worker: Args
}

/**
 * Makes the jobs of an import's next rows, what became of each row, and the batch's counters, in one write. A row's job
 * has its id from the start, and is made only while the row has no outcome: whatever dies in between, it is made once.
 *
 * @returns how many rows it took; 0: all have an outcome
 */
export async function makeNext(desk: Desk, { batchId, actor, size, worker }: ImportSlice): Promise<number> {
  const rows = await keptRows(desk, { batchId, size, which: 'open' })
  const source = await desk.db.first<{ templateId: string; templateName: string; template: string }>(
    'SELECT templateId, templateName, template FROM imports WHERE batchId = ?',
    [batchId],
  )
  if (!source || rows.length === 0) return 0
  const filling = JSON.parse(source.template) as Filling
  const origin = { templateId: source.templateId, words: ` from the template “${source.templateName}”` }
  const made: { id: string; row: number; input: NewJobInput }[] = []
  const bad: { id: string; errors: FieldErrors }[] = []
  let characters = 0
  for (const { jobId: id, row, values } of rows) {
    const { input, errors } = jobOf(filling, values)
    if (input) made.push({ id, row, input })
    // it could be made when the rows were read: what may be in a job has changed since
    else bad.push({ id, errors })
    characters += input ? input.description.length + input.acceptanceCriteria.length : 0
    if (characters > mostCharacters) break
  }
  const at = desk.now()
  const [inputs, ids] = [made.map(({ input }) => input), made.map(({ id }) => id)]
  const jobs = jobsToInsert(actor, inputs, at, ids, origin)
  const numbered = jobs.map((job, n) => {
    const row = made[n]?.row
    return {
      ...job,
      words: `${job.words}, row ${row}`,
      requestPayload: JSON.stringify({ batch: batchId, row }),
    }
  })
  const args: Args = {
    ...worker,
    ...{ batchId, at, actorId: actor.id, writeId: newId(at) },
    rows: jsonArg(numbered),
    bad: jsonArg(bad),
  }
  await desk.db.write({
    statements: [...jobInsertion(`${theirs} AND ${untouched}`), ...outcomes, ...closeSlice(desk)].map(
      (each) => statement(each, args),
    ),
    outcome: statement(outcomeSql, args),
  })
  return made.length + bad.length
}

const untouched = `EXISTS (SELECT 1 FROM batch_items i
  WHERE i.batchId = :batchId AND i.jobId = r.value ->> 'id' AND i.outcome IS NULL)`

const outcomes = [
  `UPDATE batch_items SET outcome = 'DONE', at = :at, cells = NULL
    WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (
      SELECT j.id FROM jobs j WHERE j.id IN (SELECT value ->> 'id' FROM json_each(:rows)) AND j.writeId = :writeId)`,
  'UPDATE batches SET done = done + changes() WHERE id = :batchId',
  `UPDATE batch_items SET outcome = 'REFUSED', at = :at,
      errors = (SELECT e.value ->> 'errors' FROM json_each(:bad) e WHERE e.value ->> 'id' = batch_items.jobId)
    WHERE batchId = :batchId AND outcome IS NULL
      AND jobId IN (SELECT value ->> 'id' FROM json_each(:bad)) AND ${theirs}`,
]
