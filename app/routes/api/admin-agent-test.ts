import { callAgent } from '~/dispatch/call-agent'
import { testAgent } from '~/domain/agents/test.server'
import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  POST: method({
    rule: 'admin',
    async handle({ request, actor, desk, params }) {
      return json(
        await testAgent(desk, actor, params.id as string, { call: callAgent, signal: request.signal }),
      )
    },
  }),
})
export const loader = door.loader
export const action = door.action
