import { isUniqueViolation } from '~db/errors'
import type { AgentKind, AgentState } from '~db/vocabulary'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Invalid, NotFound } from '../errors'
import type { Actor } from '../policy'
import { checkedConfig } from './checked-config'
import { nameTaken } from './create.server'
import type { AgentChangeInput } from './input'
import { findAgent } from './queries.server'
import { retiredAgent, staleAgent } from './refusals'
import type { AgentView } from './view'

interface Before {
  kind: AgentKind
  state: AgentState
  version: number
  /** JSON text, with its secrets. */
  config: string
}

/**
 * Changes what is given; a secret's mask keeps what is stored. Attempts that run keep the settings they began with.
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
      'SELECT kind, state, version, config FROM agents WHERE id = ?',
      [id],
    )
    if (!before) throw new NotFound('This agent')
    assertEditable(before, change.version)
    if (await changed(desk, actor, id, before, change)) return findAgent(desk, id)
    // somebody was faster: what this change keeps is read again
  }
}

function assertEditable({ state, version }: Before, seen: number | undefined): void {
  if (state === 'RETIRED') throw retiredAgent('it stays as it was')
  if (seen !== undefined && seen !== version) throw staleAgent(seen, version)
}

/** False where the agent is not as it was read. Settings are replaced only while they are those whose secrets were kept. */
async function changed(
  desk: Desk,
  actor: Actor,
  id: string,
  before: Before,
  { version, config, takesUnassigned, ...plain }: AgentChangeInput,
): Promise<boolean> {
  const set = {
    ...plain,
    ...(config === undefined ? {} : { config: checkedConfig(before.kind, config, before.config) }),
    ...(takesUnassigned === undefined ? {} : { takesUnassigned: takesUnassigned ? 1 : 0 }),
  }
  const given = Object.entries(set).filter(([, value]) => value !== undefined)
  const columns = given.map(([column]) => `${column} = :${column}, `).join('')
  try {
    return await recorded(desk, {
      actor,
      action: 'agent.edit',
      subject: { kind: 'agent', id },
      detail: { changed: given.map(([column]) => column) },
      change: `UPDATE agents SET ${columns}version = version + 1, updatedAt = :at
        WHERE id = :id AND state <> 'RETIRED' AND (:version IS NULL OR version = :version)
          AND (:configBefore IS NULL OR config = :configBefore)`,
      args: {
        ...Object.fromEntries(given),
        id,
        version: version ?? null,
        configBefore: config === undefined ? null : before.config,
      },
    })
  } catch (error) {
    throw isUniqueViolation(error) ? new Invalid(nameTaken) : error
  }
}
