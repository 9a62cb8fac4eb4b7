import { scheduleVerbInput } from '~/domain/schedules/input'
import { pauseSchedule } from '~/domain/schedules/pause.server'
import { findScheduleDetail } from '~/domain/schedules/queries.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentScheduleDetail } from '~/http/present-schedules'

const door = resource({
  POST: method({
    rule: 'user',
    body: scheduleVerbInput,
    async handle({ actor, desk, params, value }) {
      const { id } = await pauseSchedule(desk, actor, params.id as string, value)
      return json(presentScheduleDetail(await findScheduleDetail(desk, actor, id)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
