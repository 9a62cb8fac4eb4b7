import { overviewOf } from '~/domain/overview/queries.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentOverview } from '~/http/present-overview'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk, actor, timeZone }) {
      return json(presentOverview(await overviewOf(desk, actor, timeZone)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
