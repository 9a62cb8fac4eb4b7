import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { masked } from './secrets'
import type { Judged } from './stats'
import { judgedResults } from './stats.server'
import type { AgentChoice, AgentView } from './view'

const running = '(SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running'
const choiceColumns = `a.id, a.name, a.description, a.kind, a.state, a.takesUnassigned, a.concurrency, ${running}`
const successor = `(SELECT json_object('id', s.id, 'name', s.name, 'state', s.state)
  FROM agents s WHERE s.id = a.successorId) AS successor`
const columns = `${choiceColumns}, a.config, a.version, ${successor}, a.lastSeenAt, a.createdAt, a.updatedAt`

/** As the database has it; how its results were judged is read apart. */
type Stored<View extends AgentChoice> = Omit<
  View,
  keyof Judged | 'takesUnassigned' | 'config' | 'successor'
> & {
  takesUnassigned: number
}
type StoredAgent = Stored<AgentView> & { config: string; successor: string | null }

/** All of them, by name, for admins; the retired ones last. */
export async function listAgents(desk: Desk): Promise<AgentView[]> {
  const [rows, judged] = await Promise.all([
    desk.db.all<StoredAgent>(
      `SELECT ${columns} FROM agents a ORDER BY a.state = 'RETIRED', a.name COLLATE NOCASE, a.id`,
    ),
    judgedResults(desk),
  ])
  return rows.map((row) => viewOf(row, judged.get(row.id)))
}

/** Those that a job can be handed in for, for everyone: a paused one is a valid target, a retired one is not. */
export async function listAgentChoices(desk: Desk): Promise<AgentChoice[]> {
  const [rows, judged] = await Promise.all([
    desk.db.all<Stored<AgentChoice>>(
      `SELECT ${choiceColumns} FROM agents a WHERE a.state <> 'RETIRED' ORDER BY a.name COLLATE NOCASE, a.id`,
    ),
    judgedResults(desk),
  ])
  return rows.map((row) => ({ ...row, ...readable(row, judged.get(row.id)) }))
}

/** @throws {NotFound} */
export async function findAgent(desk: Desk, id: string): Promise<AgentView> {
  const [row, judged] = await Promise.all([
    desk.db.first<StoredAgent>(`SELECT ${columns} FROM agents a WHERE a.id = ?`, [id]),
    judgedResults(desk, id),
  ])
  if (!row) throw new NotFound('This agent')
  return viewOf(row, judged.get(id))
}

/** What the database has otherwise. */
const readable = ({ takesUnassigned }: { takesUnassigned: number }, judged?: Judged) => ({
  takesUnassigned: takesUnassigned === 1,
  accepted: judged?.accepted ?? 0,
  sentBack: judged?.sentBack ?? 0,
})

const viewOf = ({ config, successor, ...row }: StoredAgent, judged?: Judged): AgentView => ({
  ...row,
  ...readable(row, judged),
  config: masked(row.kind, JSON.parse(config) as Record<string, unknown>),
  successor: successor === null ? null : (JSON.parse(successor) as AgentView['successor']),
})
