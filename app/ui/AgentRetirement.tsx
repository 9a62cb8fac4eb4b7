import type { AgentChoice, AgentView, Workload } from '~/domain/agents/view'
import { waitingText } from '~/domain/overview/verdict'
import { paths } from '~/paths'
import { AgentSelection } from './AgentSelection'
import { RunList } from './AgentWorkload'
import { LinkButton } from './button'
import { FormErrors, PostForm, type Reply, SubmitButton, VersionInput } from './forms'
import { Name } from './name'
import { FormActions } from './page'
import { useReplyForm } from './reply-form'

interface AgentRetirementProps {
  agent: Pick<AgentView, 'id' | 'name' | 'version'>
  workload: Workload
  /** Who may get its jobs. */
  successors: AgentChoice[]
  reply: Reply | undefined
}

/** What retiring means for this agent's jobs, and who gets them. */
export function AgentRetirement({ agent, workload, successors, reply }: AgentRetirementProps) {
  const [form, fields] = useReplyForm<{ successorId?: string; version?: string }>({ id: 'retire', reply })
  const { runs, waiting } = workload
  return (
    <div className="flex flex-col gap-4">
      <div className="flex max-w-prose flex-col gap-2 text-ink-2">
        <p>
          <Name className="font-medium text-ink">{agent.name}</Name> takes no more work, for good: there is no
          way back. Its attempts stay on the record, and so does its name.
        </p>
        <p>{waitingSentence(waiting)}</p>
        <p>
          {runs.length === 0
            ? 'Nothing runs now.'
            : 'What runs now is finished; should it fail, whoever takes unassigned jobs tries again:'}
        </p>
      </div>
      {runs.length > 0 && <RunList runs={runs} />}
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} reply={reply} />
        <AgentSelection
          field={fields.successorId}
          agents={successors}
          anyone
          label="Who gets the jobs that wait for it"
        />
        <VersionInput version={agent.version} reply={reply} />
        <FormActions>
          <SubmitButton variant="danger" pendingLabel="Retiring…">
            Retire agent
          </SubmitButton>
          <LinkButton to={paths.agent(agent.id)} variant="quiet">
            Keep the agent
          </LinkButton>
        </FormActions>
      </PostForm>
    </div>
  )
}

function waitingSentence(waiting: number): string {
  if (waiting === 0) return 'No job waits for it.'
  if (waiting === 1) return '1 job waits for it and goes to whom you choose here.'
  return `${waitingText(waiting)} jobs wait for it and go to whom you choose here.`
}
