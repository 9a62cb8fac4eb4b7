import type { AgentChoice } from '~/domain/agents/view'
import { type FieldMeta, Select } from './forms'

interface AgentSelectionProps {
  field: FieldMeta
  agents: AgentChoice[]
  /** Who has the job now, where that agent is not among the choices any more. */
  current?: { id: string; name: string } | null
}

const described = (agent: AgentChoice) => (agent.state === 'PAUSED' ? `${agent.name} (paused)` : agent.name)

/** Who shall do the job: one agent, or anyone who takes unassigned jobs. */
export function AgentSelection({ field, agents, current }: AgentSelectionProps) {
  const takers = agents.filter(({ takesUnassigned, state }) => takesUnassigned && state === 'ACTIVE')
  const gone = current && !agents.some(({ id }) => id === current.id) ? current : null
  const nobody = takers.length === 0 ? 'No active agent takes unassigned jobs now: name one. ' : ''
  const paused = agents.some(({ state }) => state === 'PAUSED')
    ? 'A paused agent starts nothing until an admin resumes it.'
    : ''
  const note = nobody + paused
  return (
    <Select field={field} label="Agent" description={note || undefined} optional>
      <option value="">
        Anyone who takes unassigned jobs
        {takers.length > 0 && ` (${takers.map(({ name }) => name).join(', ')})`}
      </option>
      {gone && <option value={gone.id}>{gone.name} (retired)</option>}
      {agents.map((agent) => (
        <option key={agent.id} value={agent.id}>
          {described(agent)}
        </option>
      ))}
    </Select>
  )
}
