import { firstHourOfDay, firstHourOfMonth, hourBegan } from '../agents/hours'
import type { Desk } from '../desk'
import { type AgentLoad, mostWaiting, type Overview, type Usage } from './view'

type Counts = Omit<Usage, 'since'>
type Used<Prefix extends string> = { [Key in keyof Counts as `${Prefix}${Key}`]: number }
type Row = Omit<AgentLoad, 'takesUnassigned'> & { takesUnassigned: number } & Used<'day_'> & Used<'month_'>

/** What each agent has to do and did, and what all of them used, the retired among them. */
export async function agentLoads(
  desk: Desk,
  at: number,
  timeZone: string,
): Promise<Pick<Overview, 'agents' | 'retiredAgents' | 'usage'>> {
  const [day, month] = [firstHourOfDay(at), firstHourOfMonth(at, timeZone)]
  const rows = await desk.db.all<Row>(sql, { day, month, most: mostWaiting })
  const agents = rows.filter(({ state }) => state !== 'RETIRED').map(loadOf)
  return {
    agents: agents.sort((a, b) => a.name.localeCompare(b.name, 'en')),
    retiredAgents: rows.length - agents.length,
    usage: {
      day: { since: hourBegan(day), ...used(rows, 'day_') },
      month: { since: hourBegan(month), ...used(rows, 'month_') },
    },
  }
}

const inDay = (column: string) => `coalesce(sum(iif(h.hour >= :day, h.${column}, 0)), 0)`
const inMonth = (column: string) => `coalesce(sum(h.${column}), 0)`
const usage = ['inputTokens', 'outputTokens', 'costUsd'] as const

const sql = `SELECT a.id, a.name, a.kind, a.state, a.concurrency, a.takesUnassigned,
    (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running,
    (SELECT count(*) FROM (SELECT 1 FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = a.id
      LIMIT :most)) AS waiting,
    ${inDay('done')} AS done, ${inDay('failed')} AS failed,
    ${usage.map((each) => `${inDay(each)} AS day_${each}, ${inMonth(each)} AS month_${each}`).join(', ')}
  FROM agents a LEFT JOIN agent_hours h ON h.agentId = a.id AND h.hour >= :month
  GROUP BY a.id`

const loadOf = (row: Row): AgentLoad => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  state: row.state,
  concurrency: row.concurrency,
  takesUnassigned: row.takesUnassigned === 1,
  running: row.running,
  waiting: row.waiting,
  done: row.done,
  failed: row.failed,
})

function used(rows: Row[], prefix: 'day_' | 'month_'): Counts {
  const sum = (key: keyof Counts) => rows.reduce((all, row) => all + row[`${prefix}${key}`], 0)
  return { inputTokens: sum('inputTokens'), outputTokens: sum('outputTokens'), costUsd: sum('costUsd') }
}
