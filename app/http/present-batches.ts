import type { BatchItemView, BatchPreview, BatchView } from '~/domain/batches/view'

/** The shapes of batches in the API. */

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

export const presentBatch = (batch: BatchView) => ({
  id: batch.id,
  verb: batch.verb,
  ...batch.args,
  scope: batch.scope,
  state: batch.state,
  actor: { id: batch.actorId, name: batch.actorName },
  filter: batch.filter,
  retryOf: batch.retryOf,
  import: batch.import,
  total: batch.total,
  done: batch.done,
  refused: batch.refused,
  preview: batch.preview,
  note: batch.note,
  createdAt: iso(batch.createdAt),
  startedAt: iso(batch.startedAt),
  endedAt: iso(batch.endedAt),
})

export const presentDryRun = ({ total, preview }: { total: number; preview: BatchPreview }) => ({
  dryRun: true,
  total,
  preview,
})

export const presentBatchItem = (item: BatchItemView) => ({
  jobId: item.jobId,
  name: item.jobName,
  status: item.jobStatus,
  outcome: item.outcome,
  reason: item.reason,
  row: item.row,
  errors: item.errors,
  at: iso(item.at),
})
