import { type AgentState, type JobStatus, jobStatuses } from '~db/vocabulary'
import { normalEmail } from '../accounts/input'
import type { Desk } from '../desk'
import { type FieldErrors, NotFound } from '../errors'
import type { UserActor } from '../policy'
import type { StatusCounts } from './view'

/** What a person or a script filters everyone's jobs by, in their words. */
export interface DeskQuestion {
  status?: string | null
  /** An agent's id, or `none`. */
  agent?: string | null
  /** An account's email address or id. */
  owner?: string | null
}

/** The same as `listJobs` takes it, and what it is called. */
export interface DeskFilter {
  status?: JobStatus
  agentId?: string
  /** Null where it is `none`, or nothing is asked. */
  agentName: string | null
  ownerId?: string
  ownerEmail: string | null
}

/**
 * Looks up what is asked for. What means nothing is told by its field: `errors` is empty where all is well.
 * @throws {NotFound} but for admins
 */
export async function readDeskFilter(
  desk: Desk,
  actor: UserActor,
  asked: DeskQuestion,
): Promise<{ filter: DeskFilter; errors: FieldErrors }> {
  if (actor.role !== 'ADMIN') throw new NotFound()
  const status = jobStatuses.find((each) => each === asked.status?.toUpperCase())
  const [agent, owner] = await Promise.all([findAgentName(desk, asked.agent), findOwner(desk, asked.owner)])
  const errors: FieldErrors = {}
  if (asked.status && !status) errors.status = [`Status is one of ${jobStatuses.join(', ')}.`]
  if (asked.agent && asked.agent !== 'none' && !agent) errors.agent = ['There is no such agent.']
  if (asked.owner && !owner) errors.owner = [`Nobody here has the address “${asked.owner.slice(0, 200)}”.`]
  return {
    filter: {
      status,
      agentId: asked.agent || undefined,
      agentName: agent?.name ?? null,
      ownerId: owner?.id,
      ownerEmail: owner?.email ?? null,
    },
    errors,
  }
}

const findAgentName = async (desk: Desk, id: string | null | undefined) =>
  id && id !== 'none'
    ? desk.db.first<{ name: string }>('SELECT name FROM agents WHERE id = ?', [id.slice(0, 64)])
    : undefined

const findOwner = async (desk: Desk, asked: string | null | undefined) =>
  asked
    ? desk.db.first<{ id: string; email: string }>(
        `SELECT id, email FROM users WHERE ${asked.includes('@') ? 'email' : 'id'} = ?`,
        [asked.includes('@') ? normalEmail(asked) : asked.slice(0, 64)],
      )
    : undefined

/** How many there are by status, from counters kept by trigger: everyone's, or one owner's. None is kept by agent: null. */
export async function deskCounts(desk: Desk, filter: DeskFilter): Promise<StatusCounts | null> {
  if (filter.agentId) return null
  const counted = await desk.db.all<{ status: JobStatus; count: number }>(
    'SELECT status, count FROM job_counts WHERE ownerId = ?',
    [filter.ownerId ?? '*'],
  )
  const counts = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as StatusCounts
  for (const { status, count } of counted) counts[status] = count
  return counts
}

/** Every agent that a job can be for or was done by, retired ones too, by name. */
export const deskAgents = (desk: Desk) =>
  desk.db.all<{ id: string; name: string; state: AgentState }>(
    'SELECT a.id, a.name, a.state FROM agents a ORDER BY a.name COLLATE NOCASE, a.id',
  )
