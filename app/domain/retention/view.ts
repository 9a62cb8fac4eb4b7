/** How long closed jobs are kept. Pure; times are milliseconds since 1970 UTC. */

/** After how many days a closed job is archived or purged; null: never. */
export interface RetentionSettings {
  archiveAfterDays: number | null
  purgeAfterDays: number | null
}

/** What a run would do now. */
export interface RetentionPreview {
  /** Jobs closed before this. */
  before: number
  /** As far as they were looked for. */
  count: number
  /** Whether there may be more of them. */
  isMore: boolean
}

export interface RetentionCounts {
  archived: number
  purged: number
}

export interface RetentionView extends RetentionSettings {
  version: number
  updatedAt: number | null
  /** Null for what is off. */
  wouldArchive: RetentionPreview | null
  wouldPurge: RetentionPreview | null
  /** The run that has begun and not ended. */
  running: ({ startedAt: number } & RetentionCounts) | null
  lastRun: ({ endedAt: number } & RetentionCounts) | null
}

export const retentionVerbs = ['archive', 'purge'] as const
export type RetentionVerb = (typeof retentionVerbs)[number]

export const dayMs = 86_400_000
export const maxRetentionDays = 36_500
