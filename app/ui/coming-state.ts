import { lookup } from '~/domain/lookup'
import type { AgentState } from '~db/vocabulary'
import { useSending } from './sending'

const states: Record<string, AgentState> = { pause: 'PAUSED', resume: 'ACTIVE', retire: 'RETIRED' }

/** The state that a form on its way leads an agent or a schedule to: shown at once, and taken back where it is refused. */
export function useComingState(id: string | undefined): AgentState | null {
  const [, sent, verb = ''] = /\/([^/?]+)\/(\w+)(?:\?|$)/.exec(useSending() ?? '') ?? []
  return (sent === id && lookup(states, verb)) || null
}
