import { eventKinds, type JobVerb, type LogKind, logKinds } from '~db/vocabulary'
import type { FieldErrors } from '../errors'
import { lookup } from '../lookup'
import { transitions } from './status'
import type { LogView } from './view'

/** What a job's log is narrowed to. Pure. */

/**
 * Kinds that people ask for together, each kind in one of them or more. Those of `errors` change the job, so that the
 * index of its turns finds them; a `release` is among them only where it was one too many.
 */
export const logGroups = {
  // the verbs, from the table that pages have anyway
  changes: Object.keys(transitions) as JobVerb[],
  messages: ['message', 'progress', 'late'],
  calls: ['call', 'usage'],
  errors: ['fail', 'expire', 'release'],
} as const satisfies Record<string, readonly LogKind[]>
export type LogGroup = keyof typeof logGroups

/** As it happened, or its tail first. */
export const logOrders = ['oldest', 'newest'] as const
export type LogOrder = (typeof logOrders)[number]

/** As an address has it; a field that is not there asks nothing. */
export interface LogFilter {
  /** A group, or one kind. */
  kind?: LogGroup | LogKind
  /** An agent's id. */
  agent?: string
  /** An attempt's number. */
  attempt?: number
}

export const isFiltered = (filter: LogFilter): boolean => Object.values(filter).some(Boolean)

/** Which kinds it asks for; null: any. */
export function kindsOf({ kind }: LogFilter): readonly LogKind[] | null {
  if (kind === undefined) return null
  return lookup(logGroups, kind) ?? [kind as LogKind]
}

const said: readonly LogKind[] = eventKinds

/** Whether it asks for nothing but what changed the job. */
export const asksForTurns = (filter: LogFilter): boolean =>
  kindsOf(filter)?.every((kind) => !said.includes(kind)) ?? false

/** @returns what is asked, and by field what it asks that means nothing */
export function readLogFilter(asked: Record<'kind' | 'agent' | 'attempt', string | null>): {
  filter: LogFilter
  errors: FieldErrors
} {
  const [kind, agent, attempt] = [asked.kind, asked.agent, asked.attempt].map(
    (text) => text?.trim() || undefined,
  )
  const words: readonly string[] = [...Object.keys(logGroups), ...logKinds]
  const errors: FieldErrors = {}
  if (kind && !words.includes(kind)) errors.kind = [`The kind is one of: ${words.join(', ')}.`]
  if (agent && !/^[0-9a-z]{26}$/.test(agent)) errors.agent = ["This is no agent's id."]
  if (attempt && !/^[1-9]\d{0,6}$/.test(attempt)) errors.attempt = ["An attempt's number is 1, 2, 3 ..."]
  const filter: LogFilter = {}
  if (kind && !errors.kind) filter.kind = kind as LogFilter['kind']
  if (agent && !errors.agent) filter.agent = agent
  if (attempt && !errors.attempt) filter.attempt = Number(attempt)
  return { filter, errors }
}

/** Whether a row is among those that are asked for. */
export function fitsLogFilter(
  filter: LogFilter,
  row: Pick<LogView<unknown>, 'kind' | 'status' | 'agentId' | 'attempt'>,
): boolean {
  if (filter.kind === 'errors' && row.kind === 'release' && row.status !== 'FAILED') return false
  if (filter.agent !== undefined && row.agentId !== filter.agent) return false
  if (filter.attempt !== undefined && row.attempt !== filter.attempt) return false
  return kindsOf(filter)?.includes(row.kind) ?? true
}
