import type {
  BatchKind,
  BatchState,
  BatchVerb,
  ItemOutcome,
  JobStatus,
  JobVerb,
  ListScope,
} from '~db/vocabulary'
import type { FieldErrors } from '../errors'

/** What readers of batches get; times are milliseconds since 1970 UTC. Pure. */

/** Which jobs: picked one by one, those that a list's query string narrows it down to, or every job of the list. */
export type Choice = { ids: string[] } | { query: string } | { all: true }

/** What the verb needs, and only that. */
export interface BatchArgs {
  /** Who gets the jobs: `reassign`. */
  agentId?: string
  /** Waives every criterion: `complete`. */
  reason?: string
  /** 0 to 9: `priority`. */
  priority?: number
  /** As it is kept: `addTag` and `removeTag`. */
  tag?: string
}

/** What is to be expected, counted by status when the ids were frozen. */
export interface BatchPreview {
  eligible: number
  /** Why not, in a sentence, and for how many; ids that are not there for the person are among them. */
  ineligible: { reason: string; count: number }[]
}

export interface BatchView {
  id: string
  actorId: string
  actorName: string
  scope: ListScope
  verb: BatchKind
  args: BatchArgs
  /** Of `args.agentId`. */
  agentName: string | null
  /** The list's query string that it was frozen from; null where the jobs were picked one by one. */
  filter: string | null
  /** The batch whose refused and untouched jobs it tries again. */
  retryOf: string | null
  state: BatchState
  /** How many jobs are frozen; of an import, how many rows. */
  total: number
  preview: BatchPreview
  done: number
  refused: number
  /** Why it ended before its end, in a sentence. */
  note: string | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  /** Where the rows of an import come from; null of all other batches. */
  import: ImportView | null
}

export interface ImportView {
  templateId: string
  templateName: string
  /** The uploaded file's; null where the rows came otherwise. */
  fileName: string | null
}

/** One of the first jobs of an import, with the beginning of its description. */
export interface FirstJob {
  row: number
  name: string
  description: string
  priority: number
  tags: string[]
}

/** One job of a batch: what became of it, and how the job is now. */
export interface BatchItemView {
  jobId: string
  /** Null where the job is gone. */
  jobName: string | null
  jobStatus: JobStatus | null
  /** Null: not looked at yet, or left alone where the batch was stopped. */
  outcome: ItemOutcome | null
  /** Why it was refused, in a sentence. */
  reason: string | null
  at: number | null
  /** Of an import: the row's number, as a spreadsheet shows it. */
  row: number | null
  /** Of an import: what is wrong with the row, by column. */
  errors: FieldErrors | null
}

/** The verb of the one table of transitions that each job goes through; a purge is no transition. */
export const jobVerbOf: Record<Exclude<BatchVerb, 'purge'>, JobVerb> = {
  cancel: 'cancel',
  resubmit: 'resubmit',
  reassign: 'reassign',
  complete: 'complete',
  accept: 'accept',
  priority: 'edit',
  addTag: 'tag',
  removeTag: 'tag',
  archive: 'archive',
}

/** Those that only admins have, at their desk. */
export const adminBatchVerbs: readonly BatchVerb[] = ['reassign', 'complete', 'purge']

/** What the verb asks for before it may be done. */
export const batchArgOf: Partial<Record<BatchKind, keyof BatchArgs>> = {
  reassign: 'agentId',
  complete: 'reason',
  priority: 'priority',
  addTag: 'tag',
  removeTag: 'tag',
}

/** So many jobs can be picked one by one, and so many by a filter. */
export const mostPicked = 10_000
export const mostFiltered = 50_000
/** So many rows has an import at the most. */
export const mostImported = 100_000
/** The rows of an import that failed can be retried for so many days after its end; then only their numbers are kept. */
export const rowsKeptDays = 7
/** A draft that nobody confirmed goes after so many hours. */
export const draftHours = 24
