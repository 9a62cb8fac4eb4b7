import { isUniqueViolation } from '~db/errors'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, Invalid } from '../errors'
import type { Actor } from '../policy'
import { checkedConfig } from './checked-config'
import { nameTaken } from './create.server'
import type { AgentChangeInput } from './input'
import { findAgent } from './queries.server'
import type { AgentView } from './view'

/**
 * Changes what is given. Attempts that run keep the settings they began with.
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
  const agent = await findAgent(desk, id)
  const { version, config, takesUnassigned, ...plain } = change
  const set = {
    ...plain,
    ...(config === undefined ? {} : { config: checkedConfig(agent.kind, config) }),
    ...(takesUnassigned === undefined ? {} : { takesUnassigned: takesUnassigned ? 1 : 0 }),
  }
  const given = Object.entries(set).filter(([, value]) => value !== undefined)
  const columns = given.map(([column]) => `${column} = :${column}, `).join('')
  let edited: boolean
  try {
    edited = await recorded(desk, {
      actor,
      action: 'agent.edit',
      subject: { kind: 'agent', id },
      detail: { changed: given.map(([column]) => column) },
      change: `UPDATE agents SET ${columns}version = version + 1, updatedAt = :at
        WHERE id = :id AND state <> 'RETIRED' AND (:version IS NULL OR version = :version)`,
      args: { ...Object.fromEntries(given), id, version: version ?? null },
    })
  } catch (error) {
    throw isUniqueViolation(error) ? new Invalid(nameTaken) : error
  }
  const now = await findAgent(desk, id)
  if (edited) return now
  if (now.state === 'RETIRED')
    throw new Conflict('This agent is retired: it stays as it was.', 'wrong_status')
  throw new Conflict(
    `The agent has changed since you opened it (you saw version ${version}, it is at ${now.version} now). Look again, then decide.`,
    'stale_version',
  )
}
