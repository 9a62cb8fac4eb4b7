import { isUniqueViolation } from '~db/errors'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, Forbidden, Invalid } from '../errors'
import { assertAgent } from '../jobs/edit.server'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { templateChanges } from './changes.server'
import { variablesIn } from './fill'
import { describedIn, type NewTemplateInput, type TemplateChangeInput } from './input'
import { findTemplate, mostTemplates } from './queries.server'
import { inUse, schedulesUsing, templateIsGone } from './usage.server'
import type { TemplateView } from './view'

/** @throws {Invalid} where the name is taken or the agent is none, {Conflict} past the most */
export async function createTemplate(
  desk: Desk,
  actor: UserActor,
  input: NewTemplateInput,
): Promise<TemplateView> {
  if (input.job.agentId) await assertAgent(desk, input.job.agentId)
  const at = desk.now()
  const args = { ...columnsOf(input), id: newId(at), ownerId: actor.id, at, most: mostTemplates }
  const { rows } = await named(
    desk.db.write({
      statements: [statement(insert, args)],
      outcome: statement('SELECT id FROM templates WHERE id = :id', args),
    }),
  )
  if (rows.length === 0)
    throw new Conflict(`${mostTemplates} templates are the most. Remove one that is not needed.`, 'too_many')
  return findTemplate(desk, actor, args.id)
}

const insert = `INSERT INTO templates
    (id, ownerId, name, description, job, variables, shared, createdAt, updatedAt)
  SELECT :id, :ownerId, :name, :description, :job, :variables, :shared, :at, :at
  WHERE (SELECT count(*) FROM templates WHERE ownerId = :ownerId AND deletedAt IS NULL) < :most`

/**
 * Owners and admins change what is given. Variables that a new text no longer uses are left out. If nothing differs, the
 * template keeps its version and nothing is recorded.
 *
 * @throws {Invalid} as createTemplate, {Conflict} where it has changed, {NotFound}, {Forbidden}
 */
export async function editTemplate(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version, ...change }: TemplateChangeInput,
): Promise<TemplateView> {
  const before = await findTemplate(desk, actor, id)
  assertMayChange(actor, before)
  if (change.job?.agentId) await assertAgent(desk, change.job.agentId)
  const { name = before.name, description = before.description, shared = before.shared } = change
  const { job = before.job } = change
  const used = variablesIn(job)
  const kept = change.variables ?? before.variables.filter((each) => used.includes(each.name))
  const { variables, problem } = describedIn(job, kept)
  if (problem) throw new Invalid({ variables: [problem] })
  const input = { name, description, shared, job, variables }
  if (version != null && version !== before.version) throw stale(version, before.version)
  const changes = await templateChanges(desk, before, input)
  if (changes.length === 0) return before
  const set = `name = :name, description = :description, job = :job, variables = :variables, shared = :shared`
  const seen = before.version
  if (!(await changed(desk, actor, before, { set, version: seen, args: columnsOf(input), changes }))) {
    throw stale(version, (await findTemplate(desk, actor, id)).version)
  }
  return findTemplate(desk, actor, id)
}

/**
 * Nothing is made from it any more; what was made stays. Schedules that use it are failing from then on, and say why.
 *
 * @param options.force whether it goes though schedules use it
 * @throws {Conflict} `in_use` with the schedules while some use it, or where it has changed; {NotFound}, {Forbidden}
 */
export async function removeTemplate(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version = null, force = false }: { version?: number | null; force?: boolean | null } = {},
): Promise<void> {
  const before = await findTemplate(desk, actor, id)
  assertMayChange(actor, before)
  const isDone = await changed(desk, actor, before, {
    set: 'deletedAt = :at',
    version,
    action: 'template.remove',
    guard: '(:force OR NOT EXISTS (SELECT 1 FROM schedules WHERE templateId = :id AND deletedAt IS NULL))',
    args: { force: force ? 1 : 0 },
  })
  if (isDone) return
  const now = await findTemplate(desk, actor, id)
  const usage = await schedulesUsing(desk, actor, id)
  if (!force && usage.total > 0 && now.version === (version ?? now.version)) throw inUse(usage)
  throw stale(version, now.version)
}

export const mayChange = (actor: UserActor, { ownerId }: Pick<TemplateView, 'ownerId'>) =>
  actor.id === ownerId || actor.role === 'ADMIN'

function assertMayChange(actor: UserActor, template: TemplateView) {
  if (!mayChange(actor, template)) throw new Forbidden('Only its owner or an admin can change a template.')
}

interface TemplateWrite {
  /** `column = :value, ...` */
  set: string
  args?: Args
  /** Must match if given. */
  version: number | null
  /** What else must hold. */
  guard?: string
  /** In words, for the record. */
  changes?: string[]
  action?: 'template.edit' | 'template.remove'
}

/** Under its guard, and on the record: others may make jobs from it. */
const changed = (
  desk: Desk,
  actor: UserActor,
  { id, name }: TemplateView,
  { set, version, guard = 'TRUE', args = {}, changes, action = 'template.edit' }: TemplateWrite,
): Promise<boolean> =>
  named(
    recorded(desk, {
      ...{ actor, action, detail: { name, changed: changes } },
      change: `UPDATE templates SET ${set}, version = version + 1, updatedAt = :at
        WHERE id = :id AND deletedAt IS NULL AND version = coalesce(:version, version) AND ${guard}`,
      also: [tellSchedules],
      args: { ...args, id, version, templateIsGone },
      subject: { kind: 'template', id },
    }),
  )

const isUsable = `EXISTS (SELECT 1 FROM templates t JOIN users u ON u.id = schedules.ownerId
  WHERE t.id = :id AND t.deletedAt IS NULL AND (t.shared = 1 OR t.ownerId = u.id OR u.role = 'ADMIN'))`
/** A schedule that can't use the template any more says so at once, before its next run fails; one that can again does not. */
const tellSchedules = `UPDATE schedules SET problem = CASE WHEN ${isUsable} THEN NULL ELSE :templateIsGone END
  WHERE templateId = :id AND deletedAt IS NULL AND ${onRecord} AND (problem IS :templateIsGone) = ${isUsable}`

const columnsOf = ({ name, description, job, variables, shared }: NewTemplateInput) => ({
  ...{ name, description, shared: shared ? 1 : 0 },
  job: jsonArg(job),
  variables: jsonArg(variables),
})

/** A name that is taken, said at its field. */
async function named<Done>(write: Promise<Done>): Promise<Done> {
  try {
    return await write
  } catch (error) {
    if (!isUniqueViolation(error, 'templates.ownerId, templates.name')) throw error
    throw new Invalid({ name: ['You have a template of this name already.'] })
  }
}

const stale = (seen: number | null | undefined, now: number) =>
  seen == null
    ? new Conflict('The template was changed at the same moment. Look again, then decide.', 'lost_race', {
        version: now,
      })
    : new Conflict(
        `The template has changed since you opened it (you saw version ${seen}, it is at ${now} now). Look again, then decide.`,
        'stale_version',
        { version: now },
      )
