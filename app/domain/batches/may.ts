import {
  type BatchKind,
  type BatchVerb,
  type ItemOutcome,
  type JobStatus,
  jobStatuses,
  type ListScope,
} from '~db/vocabulary'
import { type FieldErrors, Forbidden, NotFound } from '../errors'
import { can, canPurge, type UserActor } from '../policy'
import { type BatchPreview, jobVerbOf } from './view'

/** Who may make which batch, and what is said of the jobs that it can't be done to. Pure. */

/** A batch of one's own jobs does what owners may, and no more, also where its maker is an admin. */
export const actingAs = (actor: UserActor, scope: ListScope): UserActor =>
  scope === 'own' ? { ...actor, role: 'USER' } : actor

/** @throws {NotFound} everyone's jobs are there for admins alone; {Forbidden} the verb is one that only admins have */
export function assertMayMake(actor: UserActor, scope: ListScope, verb: BatchVerb): void {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound('This list')
  const refusals = jobStatuses.map((status) => reasonAgainst(actor, { scope, verb }, status))
  const [first] = refusals
  if (first && refusals.every((reason) => reason === first)) throw new Forbidden(first)
}

/** Why the verb can't be done to a job in this status; null where it can. */
export function reasonAgainst(
  actor: UserActor,
  { scope, verb }: { scope: ListScope; verb: BatchVerb },
  status: JobStatus,
): string | null {
  const maker = actingAs(actor, scope)
  const job = { userId: actor.id, status }
  const permission = verb === 'purge' ? canPurge(maker, job) : can(maker, jobVerbOf[verb], job)
  return permission.allowed ? null : permission.reason
}

/** How many of the frozen jobs are in each status. */
export type Counted = Record<JobStatus, number>

/** @param missing ids that are not there, or not for this person */
export function previewOf(
  actor: UserActor,
  batch: { scope: ListScope; verb: BatchVerb },
  counted: Counted,
  missing: number,
): BatchPreview {
  const preview: BatchPreview = { eligible: 0, ineligible: [] }
  for (const status of jobStatuses) {
    const count = counted[status]
    const reason = reasonAgainst(actor, batch, status)
    if (reason === null) preview.eligible += count
    else if (count > 0) preview.ineligible.push({ reason, count })
  }
  if (missing > 0) preview.ineligible.push({ reason: notThere, count: missing })
  return preview
}

const notThere = 'There is no such job, or it is not yours.'

interface Outcome {
  outcome: ItemOutcome | null
  /** The one that stood in the way. */
  status: JobStatus | null
  /** Of an import's row. */
  errors: FieldErrors | null
}

/** What is wrong with a row, in sentences: `amount: Give a number, such as 12 or 0.5.` */
export const errorsText = (errors: FieldErrors): string =>
  Object.entries(errors)
    .map(([field, messages]) => `${field === 'row' ? '' : `${field}: `}${messages.join(' ')}`)
    .join(' ')

/** Why one job was refused, from the status that stood in the way; null where it was not. */
export function reasonOf(
  maker: UserActor,
  { scope, verb }: { scope: ListScope; verb: BatchKind },
  { outcome, status, errors }: Outcome,
): string | null {
  if (outcome !== 'REFUSED') return null
  if (verb === 'import') return errors && errorsText(errors)
  if (status === null) return 'The job is not there any more.'
  return (
    reasonAgainst(maker, { scope, verb }, status) ??
    (verb === 'addTag'
      ? 'It has as many tags as a job can have.'
      : 'Somebody else changed the job at the same moment.')
  )
}
