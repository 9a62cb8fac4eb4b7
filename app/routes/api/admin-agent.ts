import { editAgent } from '~/domain/agents/edit.server'
import { agentChangeInput } from '~/domain/agents/input'
import { findAgent } from '~/domain/agents/queries.server'
import { agentStats } from '~/domain/agents/stats.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentAgent, presentAgentStats } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk, params, timeZone }) {
      const id = params.id as string
      const [agent, stats] = await Promise.all([
        findAgent(desk, id, timeZone),
        agentStats(desk, id, timeZone),
      ])
      return json({ ...presentAgent(agent), stats: presentAgentStats(stats) })
    },
  }),
  PATCH: method({
    rule: 'admin',
    body: agentChangeInput,
    async handle({ actor, desk, params, value }) {
      return json(presentAgent(await editAgent(desk, actor, params.id as string, value)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
