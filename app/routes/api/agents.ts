import { listAgentChoices } from '~/domain/agents/queries.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentAgentChoice } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ desk, timeZone }) {
      const agents = await listAgentChoices(desk, timeZone)
      return json({ data: agents.map(presentAgentChoice), nextCursor: null, prevCursor: null })
    },
  }),
})
export const loader = door.loader
export const action = door.action
