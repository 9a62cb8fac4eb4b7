import { isUniqueViolation } from '~db/errors'
import type { AgentKind, AgentState } from '~db/vocabulary'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import { changedName, changedText, changedWord } from '../changes.server'
import type { Desk } from '../desk'
import { Invalid, NotFound } from '../errors'
import type { Actor } from '../policy'
import { checkedConfig } from './checked-config'
import { configChanges } from './config-changes.server'
import { nameTaken } from './create.server'
import type { AgentChangeInput } from './input'
import { findAgent } from './queries.server'
import { retiredAgent, staleAgent } from './refusals'
import type { AgentView } from './view'

interface Before {
  name: string
  description: string
  concurrency: number
  takesUnassigned: number
  kind: AgentKind
  state: AgentState
  version: number
  /** JSON text, with its secrets. */
  config: string
}

/**
 * Changes what is given; a secret's mask keeps what is stored. Attempts that run keep the settings they began with.
 * If nothing differs, the agent keeps its version and nothing is recorded.
 *
 * @throws {Invalid} on `name` or `config`, {Conflict} where the version does not match, {NotFound}, {Forbidden}
 */
export async function editAgent(
  desk: Desk,
  actor: Actor,
  id: string,
  change: AgentChangeInput,
): Promise<AgentView> {
  assertAdmin(actor)
  for (;;) {
    const before = await desk.db.first<Before>(
      `SELECT name, description, concurrency, takesUnassigned, kind, state, version, config
       FROM agents WHERE id = ?`,
      [id],
    )
    if (!before) throw new NotFound('This agent')
    assertEditable(before, change.version)
    const after = afterEdit(before, change)
    const changes = agentChanges(before, after)
    if (changes.length === 0) return findAgent(desk, id)
    if (await saved(desk, actor, { id, version: before.version, after, changes })) return findAgent(desk, id)
    // somebody was faster: what this change keeps is read again
  }
}

function assertEditable({ state, version }: Before, seen: number | undefined): void {
  if (state === 'RETIRED') throw retiredAgent('it stays as it was')
  if (seen !== undefined && seen !== version) throw staleAgent(seen, version)
}

function afterEdit(before: Before, { config, takesUnassigned, ...plain }: AgentChangeInput): Before {
  const given = Object.entries(plain).filter(([, value]) => value !== undefined)
  return {
    ...before,
    ...Object.fromEntries(given),
    version: before.version,
    ...(config === undefined ? {} : { config: checkedConfig(before.kind, config, before.config) }),
    ...(takesUnassigned === undefined ? {} : { takesUnassigned: takesUnassigned ? 1 : 0 }),
  }
}

/** What differs, in words. */
function agentChanges(before: Before, after: Before): string[] {
  return [
    ...changedName('name', before.name, after.name),
    ...changedText('description', before.description, after.description),
    ...changedWord('concurrency', before.concurrency, after.concurrency),
    ...changedWord('takesUnassigned', before.takesUnassigned === 1, after.takesUnassigned === 1),
    ...changedWord('state', before.state, after.state),
    ...configChanges(before.kind, before.config, after.config),
  ]
}

interface Edited {
  id: string
  /** Of the agent as it was read. */
  version: number
  after: Before
  changes: string[]
}

/** False where the agent is not as it was read. */
async function saved(desk: Desk, actor: Actor, { id, version, after, changes }: Edited): Promise<boolean> {
  const { name, description, concurrency, takesUnassigned, state, config } = after
  try {
    return await recorded(desk, {
      actor,
      action: 'agent.edit',
      subject: { kind: 'agent', id },
      detail: { changed: changes },
      change: `UPDATE agents SET name = :name, description = :description, concurrency = :concurrency,
          takesUnassigned = :takesUnassigned, state = :state, config = :config,
          version = version + 1, updatedAt = :at
        WHERE id = :id AND state <> 'RETIRED' AND version = :version`,
      args: { name, description, concurrency, takesUnassigned, state, config, id, version },
    })
  } catch (error) {
    throw isUniqueViolation(error, 'agents.name') ? new Invalid(nameTaken) : error
  }
}
