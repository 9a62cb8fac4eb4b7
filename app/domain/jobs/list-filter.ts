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

/** A list's filter and order as people and scripts put them: all as an address has them. */
export interface ListQuestion {
  /** The qualifier box. */
  q?: string
  /** Any of these. */
  status?: string[]
  /** An agent's id or name, or `none`. */
  agent?: string
  /** An account's email address or id; at the admins' desk. */
  owner?: string
  priority?: string
  /** Every one of these. */
  tag?: string[]
  created?: string
  updated?: string
  sort?: string
  /** The IANA name of the time zone whose days are meant; the asker's if left out. */
  timeZone?: string
}

/** One thing that the text must hold, or must not. */
export interface TextTerm {
  /** A bare word, which matches as a prefix, or a quoted phrase, which matches as it is. */
  text: string
  phrase: boolean
  negated: boolean
  /** What the text index has that begins with the word, as it spells it; absent where that is a lot, nothing or unknown. */
  completions?: string[]
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
  metadata?: Metadatum[]
  text?: TextTerm[]
  /** The jobs of one batch that the actor may see. */
  batchId?: string
  without?: Without
}

export interface Metadatum {
  key: string
  value: string
}

/** What a job must not have or be: none of all these. What a job lacks (an agent, a tag) is none of them. */
export interface Without {
  /** Ids of agents; `none`: jobs that name no agent. */
  agents?: string[]
  /** Ids of accounts. */
  owners?: string[]
  tags?: string[]
  metadata?: Metadatum[]
  batches?: string[]
  priority?: Required<NumberRange>[]
  attempts?: Required<NumberRange>[]
  created?: Required<TimeRange>[]
  updated?: Required<TimeRange>[]
}

/** The same as it is asked for, before agents and owners are looked up: those of `without` too are ids or names. */
export interface Asked extends Omit<JobFilter, 'agentId' | 'ownerId'> {
  /** An agent's id or name, or `none`. */
  agent?: string
  /** An account's email address or id. */
  owner?: string
}

/** What must hold where both must. */
export function narrowed(a: Asked, b: Asked): Asked {
  const both = { ...a, ...b }
  if (a.statuses && b.statuses) both.statuses = a.statuses.filter((each) => b.statuses?.includes(each))
  for (const name of ['priority', 'attempts'] as const) {
    if (a[name] && b[name])
      both[name] = { min: higher(a[name].min, b[name].min), max: lower(a[name].max, b[name].max) }
  }
  for (const name of ['created', 'updated'] as const) {
    if (a[name] && b[name])
      both[name] = { from: higher(a[name].from, b[name].from), to: lower(a[name].to, b[name].to) }
  }
  if (a.tags && b.tags) both.tags = [...a.tags, ...b.tags]
  if (a.metadata && b.metadata) both.metadata = [...a.metadata, ...b.metadata]
  if (a.text && b.text) both.text = [...a.text, ...b.text]
  if (a.without && b.without) both.without = merged(a.without, b.without)
  return both
}

function merged(a: Without, b: Without): Without {
  const names = Object.keys({ ...a, ...b }) as (keyof Without)[]
  return Object.fromEntries(names.map((name) => [name, [...(a[name] ?? []), ...(b[name] ?? [])]]))
}

const higher = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
const lower = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
