import type { AgentState } from '~db/vocabulary'
import type { Desk } from '../desk'
import { mostWaiting } from './preview'
import type { AgentLoad } from './waiting-for'

/** The lines that jobs wait in: each agent's own, and the one of the jobs that name none. */

export interface QueueAgent extends AgentLoad {
  /** How many jobs wait for it, counted up to `mostInLine`. */
  waiting: number
}

/** What a line is in the order of, and when the job may start (milliseconds UTC; null: at once). */
export type Place = [priority: number, no: number, runAfter: number | null]

export interface Queues {
  /** Every agent, by id, the retired ones too. */
  agents: ReadonlyMap<string, QueueAgent>
  /** How many jobs that name no agent wait, counted up to `mostInLine`. */
  unassigned: number
  /** The beginning of a line, by the agent's id (null: of the jobs that name none); empty where nobody has to wait in it. */
  head(agentId: string | null): Place[]
}

/** One more than are shown, for one of them may be the job that is asked about. */
export const mostInLine = mostWaiting + 1
/** So far into a line it is looked, those that may not start yet among them. */
export const walked = 1000

export const noQueues: Queues = { agents: new Map(), unassigned: 0, head: () => [] }

const ownLine = "j.status = 'ASSIGNED' AND j.assignedAgentId = a.id"
const unassignedLine = "j.status = 'PENDING' AND j.assignedAgentId IS NULL"
const countOf = (line: string) =>
  `(SELECT count(*) FROM (SELECT 1 FROM jobs j WHERE ${line} LIMIT ${mostInLine}))`
/** By the line's own index, in the order of claims. */
const headOf = (line: string) => `(SELECT json_group_array(json_array(priority, no, runAfter)) FROM (
  SELECT j.priority, j.no, j.runAfter FROM jobs j WHERE ${line} ORDER BY j.priority DESC, j.no LIMIT ${walked}))`

/** Heads are read where all places are taken: elsewhere the next job starts at once. */
const sql = `WITH load AS (SELECT a.id, a.name, a.state, a.takesUnassigned, a.concurrency,
    (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running FROM agents a)
  SELECT a.*, ${countOf(ownLine)} AS waiting,
    iif(a.state = 'ACTIVE' AND a.running >= a.concurrency, ${headOf(ownLine)}, NULL) AS head FROM load a
  UNION ALL SELECT NULL, '', '', 0, 0, 0, ${countOf(unassignedLine)},
    iif(EXISTS (SELECT 1 FROM load a WHERE a.state = 'ACTIVE' AND a.takesUnassigned AND a.running >= a.concurrency),
      ${headOf(unassignedLine)}, NULL)`

interface Row {
  id: string | null
  name: string
  state: AgentState
  takesUnassigned: number
  concurrency: number
  running: number
  waiting: number
  head: string | null
}

/** All of them, with one statement that takes no argument: whoever needs them for the same page shares it. */
export async function queuesOf(desk: Desk): Promise<Queues> {
  const rows = await desk.db.all<Row>(sql)
  const heads = new Map(rows.map(({ id, head }) => [id, head]))
  const read = new Map<string | null, Place[]>()
  const agents = rows.flatMap(({ id, head: _, ...load }): [string, QueueAgent][] =>
    id === null ? [] : [[id, { ...load, takesUnassigned: load.takesUnassigned === 1 }]],
  )
  return {
    agents: new Map(agents),
    unassigned: rows.find(({ id }) => id === null)?.waiting ?? 0,
    head(agentId) {
      const known = read.get(agentId) ?? (JSON.parse(heads.get(agentId) ?? '[]') as Place[])
      read.set(agentId, known)
      return known
    },
  }
}
