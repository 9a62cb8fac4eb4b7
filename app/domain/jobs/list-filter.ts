import type { JobStatus } from '~db/vocabulary'

/** A range of times, milliseconds since 1970 UTC: from (inclusive) to (exclusive). */
export interface TimeRange {
  from?: number
  to?: number
}

export interface NumberRange {
  min?: number
  max?: number
}

export const sortFields = ['createdAt', 'updatedAt', 'priority', 'name'] as const
export type SortField = (typeof sortFields)[number]
/** As addresses have it: `-` before the field for descending. */
export type Sort = SortField | `-${SortField}`
export const defaultSort: Sort = '-createdAt'

/** One thing that the text must hold, or must not. */
export interface TextTerm {
  /** A bare word, which matches as a prefix, or a quoted phrase, which matches as it is. */
  text: string
  phrase: boolean
  negated: boolean
}

/** What a list of jobs is narrowed down to, understood and looked up. All that is given must hold. */
export interface JobFilter {
  /** Any of these. */
  statuses?: JobStatus[]
  /** An agent's id, or `none`: jobs that name no agent. */
  agentId?: string
  /** Whose jobs; at the admins' desk. */
  ownerId?: string
  priority?: NumberRange
  attempts?: NumberRange
  created?: TimeRange
  updated?: TimeRange
  /** Every one of these. */
  tags?: string[]
  /** None of these. */
  withoutTags?: string[]
  metadata?: { key: string; value: string }[]
  text?: TextTerm[]
  /** The jobs of one batch that the actor may see. */
  batchId?: string
}
