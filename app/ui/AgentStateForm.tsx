import type { AgentView } from '~/domain/agents/view'
import { paths } from '~/paths'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { CirclePause, CirclePlay } from './icons'
import { useReplyForm } from './reply-form'

type Subject = Pick<AgentView, 'id' | 'state'>

/** Pauses an active agent, resumes a paused one; a retired one stays as it is. */
export function AgentStateForm({ agent, reply }: { agent: Subject; reply?: Reply }) {
  const [form] = useReplyForm({ id: 'agent-state', reply })
  if (agent.state === 'RETIRED') return null
  const active = agent.state === 'ACTIVE'
  const Icon = active ? CirclePause : CirclePlay
  return (
    <PostForm
      form={form}
      action={active ? paths.pauseAgent(agent.id) : paths.resumeAgent(agent.id)}
      className="flex flex-col gap-2"
    >
      <FormErrors form={form} />
      <SubmitButton variant="secondary" size="small" className="self-start">
        <Icon aria-hidden />
        {active ? 'Pause' : 'Resume'}
      </SubmitButton>
    </PostForm>
  )
}
