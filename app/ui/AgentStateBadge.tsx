import type { AgentState } from '~db/vocabulary'
import { useComingState } from './coming-state'
import { CirclePause, CirclePlay, CircleSlash } from './icons'

export const agentStateLabels: Record<AgentState, string> = {
  ACTIVE: 'Active',
  PAUSED: 'Paused',
  RETIRED: 'Retired',
}

const looks = {
  ACTIVE: { Icon: CirclePlay, look: 'text-completed bg-completed-soft' },
  PAUSED: { Icon: CirclePause, look: 'text-in-progress bg-in-progress-soft' },
  RETIRED: { Icon: CircleSlash, look: 'text-canceled bg-canceled-soft' },
} as const satisfies Record<AgentState, unknown>

interface AgentStateBadgeProps {
  state: AgentState
  /** Whose it is, where forms on the page change it. */
  id?: string
}

/** An agent's state, or a schedule's: always icon, word and colour. */
export function AgentStateBadge({ state: now, id }: AgentStateBadgeProps) {
  const coming = useComingState(id)
  const state = coming ?? now
  const { Icon, look } = looks[state]
  return (
    <span
      data-state={state}
      aria-busy={coming !== null || undefined}
      className={`${coming ? 'animate-pulse' : ''} inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${look}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {agentStateLabels[state]}
    </span>
  )
}
