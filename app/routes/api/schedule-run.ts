import { findJob } from '~/domain/jobs/queries.server'
import { runNowJson } from '~/domain/schedules/input'
import { runScheduleNow } from '~/domain/schedules/run-now.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentJob } from '~/http/present'
import { apiPaths } from '~/paths'

const door = resource({
  POST: method({
    rule: 'user',
    body: runNowJson,
    async handle({ actor, desk, params, value }) {
      const id = await runScheduleNow(desk, actor, params.id as string, value)
      return json(presentJob(await findJob(desk, actor, id)), 201, { Location: apiPaths.job(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
