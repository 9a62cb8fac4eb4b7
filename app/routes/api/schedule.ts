import { editSchedule } from '~/domain/schedules/edit.server'
import { scheduleChangeInput, scheduleVerbInput } from '~/domain/schedules/input'
import { findScheduleDetail } from '~/domain/schedules/queries.server'
import { removeSchedule } from '~/domain/schedules/remove.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentScheduleDetail } from '~/http/present-schedules'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      return json(presentScheduleDetail(await findScheduleDetail(desk, actor, params.id as string)))
    },
  }),
  PATCH: method({
    rule: 'user',
    body: scheduleChangeInput,
    digitsOf: 'values',
    async handle({ actor, desk, params, value }) {
      const { id } = await editSchedule(desk, actor, params.id as string, value)
      return json(presentScheduleDetail(await findScheduleDetail(desk, actor, id)))
    },
  }),
  DELETE: method({
    rule: 'user',
    body: scheduleVerbInput,
    async handle({ actor, desk, params, value }) {
      await removeSchedule(desk, actor, params.id as string, value)
      return new Response(null, { status: 204 })
    },
  }),
})
export const loader = door.loader
export const action = door.action
