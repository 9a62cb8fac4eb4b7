import { createAgent } from '~/domain/agents/create.server'
import { newAgentInput } from '~/domain/agents/input'
import { listAgents } from '~/domain/agents/queries.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentAgent } from '~/http/present'
import { apiPaths } from '~/paths'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk, timeZone }) {
      const agents = await listAgents(desk, timeZone)
      return json({ data: agents.map(presentAgent), nextCursor: null, prevCursor: null })
    },
  }),
  POST: method({
    rule: 'admin',
    body: newAgentInput,
    async handle({ actor, desk, value }) {
      const agent = await createAgent(desk, actor, value)
      return json(presentAgent(agent), 201, { Location: apiPaths.agent(agent.id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
