import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { AgentChoice, AgentView } from './view'

const running = '(SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running'
const choiceColumns = `a.id, a.name, a.description, a.kind, a.state, a.takesUnassigned, a.concurrency, ${running}`
const columns = `${choiceColumns}, a.config, a.version, a.lastSeenAt, a.createdAt, a.updatedAt`

type Stored<View extends AgentChoice> = Omit<View, 'takesUnassigned' | 'config'> & {
  takesUnassigned: number
  config: string
}

/** All of them, by name, for admins. */
export async function listAgents(desk: Desk): Promise<AgentView[]> {
  const rows = await desk.db.all<Stored<AgentView>>(
    `SELECT ${columns} FROM agents a ORDER BY a.name COLLATE NOCASE, a.id`,
  )
  return rows.map(viewOf)
}

/** Those that a job can be handed in for, for everyone: a paused one is a valid target, a retired one is not. */
export async function listAgentChoices(desk: Desk): Promise<AgentChoice[]> {
  const rows = await desk.db.all<Omit<Stored<AgentChoice>, 'config'>>(
    `SELECT ${choiceColumns} FROM agents a WHERE a.state <> 'RETIRED' ORDER BY a.name COLLATE NOCASE, a.id`,
  )
  return rows.map((row) => ({ ...row, takesUnassigned: row.takesUnassigned === 1 }))
}

/** @throws {NotFound} */
export async function findAgent(desk: Desk, id: string): Promise<AgentView> {
  const row = await desk.db.first<Stored<AgentView>>(`SELECT ${columns} FROM agents a WHERE a.id = ?`, [id])
  if (!row) throw new NotFound('This agent')
  return viewOf(row)
}

const viewOf = ({ config, takesUnassigned, ...rest }: Stored<AgentView>): AgentView => ({
  ...rest,
  takesUnassigned: takesUnassigned === 1,
  config: JSON.parse(config) as unknown,
})
