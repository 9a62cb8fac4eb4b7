import { encodeTime } from 'ulid'
import { readFresh } from '~db/fresh.server'
import type { Desk } from '../desk'
import { type Args, statement } from '../sql'
import { type FirstJob, rowsKeptDays } from './view'

/** About so many bytes of rows are read at once: their lengths are looked up first. */
const mostBytes = 256_000

export interface KeptRow {
  /** Of the job that it makes. */
  jobId: string
  /** Its number, as a spreadsheet shows it. */
  row: number
  /** By column. */
  values: Record<string, string>
}

export interface KeptQuery {
  batchId: string
  /** Only rows behind this job's. */
  after?: string
  /** At most so many. */
  size: number
  /** `open`: without an outcome; `left`: that made no job, as long as they are kept. */
  which: 'open' | 'left'
}

/** The next rows of an import, in their order. */
export async function keptRows(
  desk: Desk,
  { batchId, after = '', size, which }: KeptQuery,
): Promise<KeptRow[]> {
  const wanted = `batchId = :batchId AND jobId > :after AND ${which === 'open' ? 'outcome IS NULL' : 'cells IS NOT NULL'}`
  const read = <Found>(columns: string, more: string, args: Args) => {
    const { sql, args: used } = statement(`SELECT ${columns} FROM batch_items WHERE ${wanted} ${more}`, args)
    // a read replica may not have the last slice yet, which made the jobs of these rows
    return which === 'open' ? readFresh<Found>(desk.db, sql, used) : desk.db.all<Found>(sql, used)
  }
  const lengths = await read<{ jobId: string; bytes: number }>(
    'jobId, octet_length(cells) AS bytes',
    'ORDER BY jobId LIMIT :size',
    { batchId, after, size },
  )
  let before = 0
  let last = ''
  for (const { jobId, bytes } of lengths) {
    if (before > mostBytes) break
    last = jobId
    before += bytes
  }
  const rows = await read<{ jobId: string; row: number; cells: string }>(
    'jobId, row, cells',
    'AND jobId <= :last ORDER BY jobId',
    { batchId, after, last },
  )
  return rows.map(({ cells, ...row }) => ({ ...row, values: JSON.parse(cells) as Record<string, string> }))
}

/** The first jobs that an import makes, for its preview. */
export async function firstJobs(desk: Desk, batchId: string): Promise<FirstJob[]> {
  const found = await desk.db.first<{ first: string }>('SELECT first FROM imports WHERE batchId = ?', [
    batchId,
  ])
  return found ? (JSON.parse(found.first) as FirstJob[]) : []
}

/** Forgets what is in the rows of imports that ended long ago, a bounded number at a time. */
export async function sweepImports(desk: Desk): Promise<void> {
  const endedBefore = desk.now() - rowsKeptDays * 86_400_000
  // ids begin with the time they were made at, so younger imports need not be looked at
  const madeBefore = encodeTime(endedBefore).toLowerCase()
  const old = await desk.db.all<{ batchId: string }>(
    `SELECT m.batchId FROM imports m JOIN batches b ON b.id = m.batchId
     WHERE m.template IS NOT NULL AND m.batchId < ? AND b.state IN ('DONE', 'STOPPED') AND b.endedAt < ?
     ORDER BY m.batchId LIMIT 20`,
    [madeBefore, endedBefore],
  )
  for (const { batchId } of old) {
    while (await forgetSlice(desk, batchId));
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE imports SET template = NULL WHERE batchId = ?', args: [batchId] }],
    })
  }
}

/** @returns whether there may be more */
async function forgetSlice(desk: Desk, batchId: string): Promise<boolean> {
  const left = 'SELECT jobId FROM batch_items WHERE batchId = :batchId AND cells IS NOT NULL ORDER BY jobId'
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `UPDATE batch_items SET cells = NULL WHERE batchId = :batchId AND jobId IN (${left} LIMIT 1000)`,
        args: { batchId },
      },
    ],
    result: { sql: `${left} LIMIT 1`, args: { batchId } },
  })
  return rows.length > 0
}
