import type { AgentKind } from '~db/vocabulary'
import { onRecord } from '../audit.server'
import { newId } from '../desk'
import { parseAgentConfig } from './config'
import { localCommand, toolboxAgent } from './examples'

/** The agents that work without a network: of these only Toolbox takes unassigned jobs. */
export const offlineAgents = (at: number) => [
  agent(at, 'toolbox', toolboxAgent, { concurrency: 4, takesUnassigned: 1 }),
  agent(at, 'command', localCommand, { concurrency: 1, takesUnassigned: 0 }),
]

function agent(
  at: number,
  kind: AgentKind,
  { name, description, config }: { name: string; description: string; config: unknown },
  settings: { concurrency: number; takesUnassigned: number },
) {
  const checked = JSON.stringify(parseAgentConfig(kind, config).data)
  return { id: newId(at), name, description, kind, config: checked, ...settings }
}

/** `:agents` is JSON of `offlineAgents`. A name that is taken stays as it is. Part of a recorded change. */
export const insertOfflineAgents = `INSERT INTO agents
    (id, name, description, kind, config, concurrency, takesUnassigned, createdAt, updatedAt)
  SELECT a.value ->> 'id', a.value ->> 'name', a.value ->> 'description', a.value ->> 'kind', a.value ->> 'config',
    a.value ->> 'concurrency', a.value ->> 'takesUnassigned', :at, :at
  FROM json_each(:agents) a WHERE ${onRecord} ON CONFLICT (name) DO NOTHING`
