import { retirement } from '~/domain/agents/input'
import { retireAgent } from '~/domain/agents/retire.server'
import type { AgentView } from '~/domain/agents/view'
import { json, method, resource } from '~/http/json-action.server'
import { presentAgent } from '~/http/present'

const door = resource({
  POST: method({
    rule: 'admin',
    body: retirement,
    async handle({ actor, desk, params, value }) {
      const agent = await retireAgent(desk, actor, params.id as string, value)
      return json({ ...presentAgent(agent), warnings: [...agent.warnings, ...warningsAbout(agent)] })
    },
  }),
})

/** What stands in the way of the jobs that were moved. */
const warningsAbout = ({ successor }: AgentView): string[] =>
  successor?.state === 'PAUSED'
    ? [`${successor.name} is paused: it starts nothing until an admin resumes it.`]
    : []

export const loader = door.loader
export const action = door.action
