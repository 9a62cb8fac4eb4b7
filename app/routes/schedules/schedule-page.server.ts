import { findSchedule } from '~/domain/schedules/queries.server'
import { pageLoader } from '~/http/page.server'

/** What a verb's own page has to know. */
export const scheduleVerbLoader = () =>
  pageLoader('user', async ({ actor, desk, params }) => {
    const { id, name, state, version, lastAt } = await findSchedule(desk, actor, params.id as string)
    return { schedule: { id, name, state, version, lastAt } }
  })
