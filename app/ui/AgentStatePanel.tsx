import type { AgentView } from '~/domain/agents/view'
import { paths } from '~/paths'
import { AgentStateForm } from './AgentStateForm'
import { BackLink } from './BackLink'
import type { Reply } from './forms'
import { Section } from './page'

interface AgentStatePanelProps {
  agent: Pick<AgentView, 'id' | 'name' | 'state'>
  reply: Reply | undefined
}

const words: Record<AgentView['state'], string> = {
  ACTIVE: 'Paused, it finishes what runs and starts nothing more. Jobs can still be handed in for it.',
  PAUSED: 'It is paused. Resumed, it takes work again at once.',
  RETIRED: 'It is retired and takes no more work.',
}

/** Pausing or resuming on a page of its own: what it means, and the button. */
export function AgentStatePanel({ agent, reply }: AgentStatePanelProps) {
  return (
    <>
      <BackLink to={paths.agent(agent.id)}>The agent</BackLink>
      <Section title={agent.name}>
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">{words[agent.state]}</p>
          <AgentStateForm agent={agent} reply={reply} />
        </div>
      </Section>
    </>
  )
}
