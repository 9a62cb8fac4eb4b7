import { isDeepStrictEqual } from 'node:util'
import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { jsonArg } from '../sql'
import { findTemplate } from '../templates/queries.server'
import { changeSchedule } from './change.server'
import { fittingValues } from './create.server'
import { dueAfter } from './cron'
import type { ScheduleChangeInput } from './input'
import { findSchedule } from './queries.server'
import { assertOwn, staleSchedule } from './refusals'
import type { ScheduleView } from './view'

/**
 * Changes what is given. Where that is the expression or the zone, the next due time is reckoned from now. If nothing
 * differs, the schedule keeps its version.
 *
 * @throws {Invalid} where the values don't fit the template, {Conflict} where the version does not match, {NotFound},
 *   {Forbidden} but for the owner
 */
export async function editSchedule(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version, ...change }: ScheduleChangeInput,
): Promise<ScheduleView> {
  for (;;) {
    const before = await findSchedule(desk, actor, id)
    assertOwn(actor, before, 'change')
    if (version != null && version !== before.version) throw staleSchedule(version, before.version)
    const after = { ...before, ...given(change) }
    if (change.values) {
      after.values = fittingValues(await findTemplate(desk, actor, before.templateId), change.values)
    }
    if (!differs(before, after)) return before
    if (await changed(desk, actor, before, after)) return findSchedule(desk, actor, id)
    // somebody was faster: what this change keeps is read again
  }
}

const differs = (before: ScheduleView, after: ScheduleView) =>
  (['name', 'values', 'cron', 'timeZone', 'catchUp'] as const).some(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  )

type Change = Omit<ScheduleChangeInput, 'version'>

const given = (change: Change) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Required<Change>

function changed(desk: Desk, actor: UserActor, before: ScheduleView, after: ScheduleView): Promise<boolean> {
  const { name, cron, timeZone, catchUp } = after
  const isOtherTime = cron !== before.cron || timeZone !== before.timeZone
  return changeSchedule(desk, actor, before, {
    set: `name = :name, "values" = :values, cron = :cron, timeZone = :timeZone, catchUp = :catchUp, problem = NULL,
      nextAt = CASE WHEN :isOtherTime AND state = 'ACTIVE' THEN :nextAt ELSE nextAt END`,
    guard: 'version = :seen',
    args: {
      ...{ name, cron, timeZone, catchUp, seen: before.version, isOtherTime: isOtherTime ? 1 : 0 },
      values: jsonArg(after.values),
      nextAt: isOtherTime ? (dueAfter(cron, timeZone, desk.now(), 1)[0] ?? null) : null,
    },
  })
}
