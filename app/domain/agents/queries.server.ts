import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { sizeOf, withLongColumns } from '../long-columns.server'
import { utc } from '../zones/clock'
import { masked, secretWarnings } from './secrets'
import { judgedColumns, judgedSince } from './stats.server'
import type { AgentChoice, AgentRow, AgentView } from './view'

const running = '(SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running'
const choiceColumns = `a.id, a.name, a.description, a.kind, a.state, a.takesUnassigned, a.concurrency, ${running},
  ${judgedColumns}`
const successor = `(SELECT json_object('id', s.id, 'name', s.name, 'state', s.state)
  FROM agents s WHERE s.id = a.successorId) AS successor`
const columns = `${choiceColumns}, a.version, ${successor}, a.lastSeenAt, a.createdAt, a.updatedAt`

/** As the database has it. */
type Stored<View extends AgentChoice> = Omit<
  View,
  'takesUnassigned' | 'config' | 'warnings' | 'successor'
> & {
  takesUnassigned: number
}
type StoredAgent = Stored<AgentView> & { config: string; successor: string | null }

const byName = "ORDER BY a.state = 'RETIRED', a.name COLLATE NOCASE, a.id"

/**
 * All of them, by name, for admins; the retired ones last. Without their settings, which may be long.
 * @param timeZone whose last 30 days their results are counted in
 */
export async function listAgentRows(desk: Desk, timeZone = utc): Promise<AgentRow[]> {
  const rows = await desk.db.all<Omit<StoredAgent, 'config'>>(
    `SELECT ${columns} FROM agents a ${byName}`,
    judgedSince(desk, timeZone),
  )
  return rows.map(rowOf)
}

/** The same with their settings. */
export async function listAgents(desk: Desk, timeZone = utc): Promise<AgentView[]> {
  const rows = await desk.db.all<Omit<StoredAgent, 'config'> & { bytes: number }>(
    `SELECT ${columns}, ${sizeOf('a.config')} AS bytes FROM agents a ${byName}`,
    judgedSince(desk, timeZone),
  )
  const whole = await withLongColumns<Pick<StoredAgent, 'id' | 'config'>, (typeof rows)[number], 'id'>(
    desk,
    rows,
    'id',
    'SELECT id, config FROM agents WHERE id IN (SELECT value FROM json_each(:keys))',
  )
  return whole.map(viewOf)
}

/** Those that a job can be handed in for, for everyone: a paused one is a valid target, a retired one is not. */
export async function listAgentChoices(desk: Desk, timeZone = utc): Promise<AgentChoice[]> {
  const rows = await desk.db.all<Stored<AgentChoice>>(
    `SELECT ${choiceColumns} FROM agents a WHERE a.state <> 'RETIRED' ORDER BY a.name COLLATE NOCASE, a.id`,
    judgedSince(desk, timeZone),
  )
  return rows.map((row) => ({ ...row, takesUnassigned: row.takesUnassigned === 1 }))
}

/** @throws {NotFound} */
export async function findAgent(desk: Desk, id: string, timeZone = utc): Promise<AgentView> {
  const row = await desk.db.first<StoredAgent>(`SELECT ${columns}, a.config FROM agents a WHERE a.id = :id`, {
    ...judgedSince(desk, timeZone),
    id,
  })
  if (!row) throw new NotFound('This agent')
  return viewOf(row)
}

function viewOf({ config, ...row }: StoredAgent): AgentView {
  const settings = JSON.parse(config) as Record<string, unknown>
  return { ...rowOf(row), config: masked(row.kind, settings), warnings: secretWarnings(row.kind, settings) }
}

const rowOf = ({ successor, ...row }: Omit<StoredAgent, 'config'>): AgentRow => ({
  ...row,
  takesUnassigned: row.takesUnassigned === 1,
  successor: successor === null ? null : (JSON.parse(successor) as AgentView['successor']),
})
