import { Invalid } from '~/domain/errors'
import { createSchedule } from '~/domain/schedules/create.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { findScheduleDetail, listSchedules } from '~/domain/schedules/queries.server'
import { json, method, pageParameters, resource } from '~/http/json-action.server'
import { presentPage } from '~/http/present'
import { presentSchedule, presentScheduleDetail } from '~/http/present-schedules'
import { apiPaths } from '~/paths'
import { listScopes } from '~db/vocabulary'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, url }) {
      const query = { scope: scopeParameter(url), failing: failingParameter(url), ...pageParameters(url) }
      return json(presentPage(await listSchedules(desk, actor, query), presentSchedule))
    },
  }),
  POST: method({
    rule: 'user',
    body: newScheduleInput,
    digitsOf: 'values',
    async handle({ actor, desk, value }) {
      const { id } = await createSchedule(desk, actor, value)
      const schedule = await findScheduleDetail(desk, actor, id)
      return json(presentScheduleDetail(schedule), 201, { Location: apiPaths.schedule(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action

/** @throws {Invalid} */
function scopeParameter(url: URL) {
  const given = url.searchParams.get('scope') ?? 'own'
  const scope = listScopes.find((each) => each === given)
  if (!scope) throw new Invalid({ scope: [`scope is ${listScopes.join(' or ')}.`] })
  return scope
}

/** @throws {Invalid} */
function failingParameter(url: URL): boolean {
  const given = url.searchParams.get('failing') ?? 'false'
  if (given !== 'true' && given !== 'false') throw new Invalid({ failing: ['failing is true or false.'] })
  return given === 'true'
}
