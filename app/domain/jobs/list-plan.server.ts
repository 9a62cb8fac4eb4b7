import type { Args } from '../sql'
import { exclusions } from './list-exclusions.server'
import type { JobFilter, Sort, SortField } from './list-filter'
import { isByText, textMatch } from './text-match'

/** So many rows a page looks at, at the most, before it says how far it looked: in an index alone, or in the table. */
export const mostInIndex = 5000
export const mostInTable = 2000

/** What a row's place in a list is told by. */
export interface Placed {
  no: number
  id: string
  name: string
  priority: number
  createdAt: number
  updatedAt: number
}

/** How a list is read: a walk along an index in the list's order, and what its rows must be besides. */
export interface ListPlan {
  /** What its cursors are of, for no other list has the same keys. */
  name: string
  /** Whether the filter can't be met at all. */
  isEmpty: boolean
  /** Each walks one range of an index; several are merged. */
  arms: { from: string; where: string[] }[]
  /** What the walk selects, and what joins it to `jobs j`. */
  columns: string
  join: string
  /** Its order, as the walk spells it; the last is unique. */
  key: { sql: string; column: keyof Placed; type: 'number' | 'string' }[]
  /** Of the first of these: from `low`, and below `high`. */
  range: { low?: number; high?: number }
  ascending: boolean
  /** The order that is made of the newest matches, where the walk has another. */
  sortedBy: SortField | null
  /** What the walk does not decide, over `w` and `j`. */
  conditions: string[]
  /** Whether all that is walked is in the list: then a page walks no further than it is long. */
  isExact: boolean
  most: number
  args: Args
}

interface Question {
  ownerId: string | undefined
  filter: JobFilter
  sort: Sort
}

/** @param ownerId whose jobs; undefined: everyone's */
export function planOf({ filter: asked, sort, ownerId }: Question): ListPlan {
  const filter = simplified(asked)
  const ascending = !sort.startsWith('-')
  const field = sort.replace('-', '') as SortField
  const shared = { ascending, sortedBy: null, isEmpty: isContradictory(filter), most: mostInTable }
  const safe = ['j.archivedAt IS NULL', ...(ownerId === undefined ? [] : ['j.userId = :ownerId'])]
  const args: Args = { ...argsOf(filter), ownerId: ownerId ?? null }
  const sorted = { sortedBy: field === 'createdAt' ? null : field }
  if (isByText(filter)) {
    const conditions = conditionsOn('j', filter)
    return {
      ...{ ...shared, ...sorted, name: `${sort} text`, range: {}, isExact: conditions.length === 0 },
      ...{ columns: 'rowid AS no', join: 'j.no = w.no', conditions: [...safe, ...conditions] },
      arms: [{ from: 'jobs_text', where: ['jobs_text MATCH :match'] }],
      key: [{ sql: 'rowid', column: 'no', type: 'number' }],
      args: { ...args, match: textMatch(filter, ownerId) },
    }
  }
  if (filter.batchId !== undefined) {
    return {
      ...{ ...shared, ...sorted, name: `${sort} batch`, range: {}, isExact: false },
      ...{ columns: 'jobId', join: 'j.id = w.jobId' },
      conditions: [...safe, ...conditionsOn('j', { ...filter, batchId: undefined })],
      arms: [{ from: 'batch_items', where: ['batchId = :batchId'] }],
      key: [{ sql: 'jobId', column: 'id', type: 'string' }],
      args,
    }
  }
  const owned = ownerId === undefined ? [] : ['userId = :ownerId']
  const by = ownerId === undefined ? 'all' : 'owner'
  const live = [...owned, 'archivedAt IS NULL']
  if (field === 'createdAt') {
    return { ...shared, name: sort, args, join: 'j.no = w.no', ...createdWalk(filter, by, live) }
  }
  const conditions = conditionsOn('j', without(filter, rangeOf[field]))
  return {
    ...{ ...shared, name: sort, args, conditions, isExact: conditions.length === 0 },
    ...{ columns: `no, ${field}`, join: 'j.no = w.no' },
    range: rangeAlong(field, filter),
    arms: [{ from: `jobs INDEXED BY jobs_${by}_${field.replace('At', '')}`, where: live }],
    key: [
      field === 'name'
        ? { sql: 'name COLLATE NOCASE', column: field, type: 'string' }
        : { sql: field, column: field, type: 'number' },
      { sql: 'no', column: 'no', type: 'number' },
    ],
  }
}

/** Each status once, and nothing excluded that one agent or one owner excludes already. */
function simplified(filter: JobFilter): JobFilter {
  const { statuses, agentId, ownerId, without } = filter
  return {
    ...filter,
    ...(statuses && { statuses: [...new Set(statuses)] }),
    ...(without && {
      without: {
        ...without,
        agents: without.agents?.filter((each) => agentId === undefined || each === agentId),
        owners: without.owners?.filter((each) => ownerId === undefined || each === ownerId),
      },
    }),
  }
}

const isContradictory = ({ statuses, agentId, ownerId, without }: JobFilter) =>
  statuses?.length === 0 ||
  (agentId !== undefined && without?.agents?.includes(agentId) === true) ||
  (ownerId !== undefined && without?.owners?.includes(ownerId) === true)

const rangeOf = { createdAt: 'created', updatedAt: 'updated', priority: 'priority', name: undefined } as const

function rangeAlong(field: SortField, { created, updated, priority }: JobFilter): ListPlan['range'] {
  if (field === 'name') return {}
  if (field === 'priority') {
    return { low: priority?.min, high: priority?.max === undefined ? undefined : priority.max + 1 }
  }
  const times = field === 'createdAt' ? created : updated
  return { low: times?.from, high: times?.to }
}

const without = (filter: JobFilter, ...decided: (keyof JobFilter | undefined)[]): JobFilter =>
  Object.fromEntries(Object.entries(filter).filter(([name]) => !decided.includes(name as keyof JobFilter)))

/** Whether a condition looks beyond the wide index. */
const needsRow = ({ without }: JobFilter) =>
  [without?.owners, without?.batches].some((each) => each !== undefined && each.length > 0)

/** By the index that holds just these jobs where there is one; else by the wide one, which decides the rest alone. */
function createdWalk(filter: JobFilter, by: 'all' | 'owner', live: string[]) {
  const { statuses, agentId } = filter
  const rest = conditionsOn('w', without(filter, 'created', 'statuses', 'agentId'))
  const whose = agentId === 'none' ? 'assignedAgentId IS NULL' : 'assignedAgentId = :agentId'
  const forAgent = agentId === undefined ? [] : [whose]
  const hasIndex = rest.length === 0 && (!statuses || agentId === undefined || by === 'all')
  const shared = {
    range: rangeAlong('createdAt', filter),
    key: [
      { sql: 'createdAt', column: 'createdAt', type: 'number' },
      { sql: 'id', column: 'id', type: 'string' },
    ] satisfies ListPlan['key'],
  }
  if (!hasIndex) {
    return {
      ...{ ...shared, most: needsRow(filter) ? mostInTable : mostInIndex, isExact: false },
      columns: 'no, createdAt, id, status, assignedAgentId, priority, updatedAt, attemptCount',
      arms: [{ from: `jobs INDEXED BY jobs_${by}`, where: live }],
      conditions: conditionsOn('w', without(filter, 'created')),
    }
  }
  const index = ['jobs', by, agentId !== undefined && 'agent', statuses && 'status'].filter(Boolean).join('_')
  const one = { from: `jobs INDEXED BY ${index}`, where: [...live, ...forAgent] }
  return {
    ...{ ...shared, isExact: true, columns: 'no, createdAt, id', conditions: [] },
    arms: statuses
      ? statuses.map((_, n) => ({ ...one, where: [...one.where, `status = :status${n}`] }))
      : [one],
  }
}

/** What the filter asks of the columns of `row`. */
function conditionsOn(row: 'w' | 'j', filter: JobFilter): string[] {
  const { statuses, agentId, priority, attempts, created, updated, batchId } = filter
  const between = (column: string, name: string, low: unknown, high: unknown, above: string) => [
    ...(low === undefined ? [] : [`${row}.${column} >= :${name}Low`]),
    ...(high === undefined ? [] : [`${row}.${column} ${above} :${name}High`]),
  ]
  return [
    ...(statuses ? [`${row}.status IN (${statuses.map((_, n) => `:status${n}`).join(', ')})`] : []),
    ...(agentId === undefined
      ? []
      : [`${row}.assignedAgentId ${agentId === 'none' ? 'IS NULL' : '= :agentId'}`]),
    ...between('priority', 'priority', priority?.min, priority?.max, '<='),
    ...between('attemptCount', 'attempts', attempts?.min, attempts?.max, '<='),
    ...between('createdAt', 'created', created?.from, created?.to, '<'),
    ...between('updatedAt', 'updated', updated?.from, updated?.to, '<'),
    ...(batchId === undefined
      ? []
      : [`EXISTS (SELECT 1 FROM batch_items i WHERE i.batchId = :batchId AND i.jobId = j.id)`]),
    ...exclusions(row, filter.without).map(({ sql }) => sql),
  ]
}

function argsOf(filter: JobFilter): Args {
  const { statuses, agentId, priority, attempts, created, updated, batchId, without } = filter
  return {
    ...Object.fromEntries((statuses ?? []).map((status, n) => [`status${n}`, status])),
    ...{ agentId: agentId ?? null, batchId: batchId ?? null },
    ...{ priorityLow: priority?.min ?? null, priorityHigh: priority?.max ?? null },
    ...{ attemptsLow: attempts?.min ?? null, attemptsHigh: attempts?.max ?? null },
    ...{ createdLow: created?.from ?? null, createdHigh: created?.to ?? null },
    ...{ updatedLow: updated?.from ?? null, updatedHigh: updated?.to ?? null },
    ...Object.assign({}, ...exclusions('j', without).map(({ args }) => args)),
  }
}
