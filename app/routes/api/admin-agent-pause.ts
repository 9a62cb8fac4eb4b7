import { agentVerbInput } from '~/domain/agents/input'
import { pauseAgent } from '~/domain/agents/pause.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentAgent } from '~/http/present'

const door = resource({
  POST: method({
    rule: 'admin',
    body: agentVerbInput,
    async handle({ actor, desk, params, value }) {
      return json(presentAgent(await pauseAgent(desk, actor, params.id as string, value)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
