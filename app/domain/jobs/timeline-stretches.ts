import { isOpen } from './status'
import type { LifeTurn } from './view'

/** A job's life in phases: pure. Times are milliseconds since 1970 UTC. */

/**
 * - `queued`: waits for an agent; `retry`: the same after an attempt that did not end well
 * - `running`: an agent has it
 * - `people`: waits for an answer or a decision
 * - `closed`: nobody had to do anything
 */
export type Phase = 'queued' | 'retry' | 'running' | 'people' | 'closed'

export interface Stretch {
  phase: Phase
  from: number
  to: number
}

function phaseOf({ status, kind }: LifeTurn): Phase {
  if (!isOpen(status)) return 'closed'
  if (status === 'IN_PROGRESS') return 'running'
  if (status === 'INPUT_REQUIRED' || status === 'IN_REVIEW') return 'people'
  return kind === 'fail' || kind === 'expire' || kind === 'release' ? 'retry' : 'queued'
}

/** The job's life from its first turn to its end, without a gap; neighbours of one phase are one. */
export function stretchesOf(turns: LifeTurn[], now: number): Stretch[] {
  const stretches: Stretch[] = []
  // clocks of several processes: no turn is before the one that it follows
  let at = turns[0]?.createdAt ?? now
  for (const [index, turn] of turns.entries()) {
    const next = turns[index + 1]
    const from = at
    at = Math.max(at, next?.createdAt ?? (isOpen(turn.status) ? now : at))
    const before = stretches.at(-1)
    // what is done beside (an edit, a tag) changes no phase
    const phase = before && beside.has(turn.kind) ? before.phase : phaseOf(turn)
    if (before?.phase === phase) before.to = at
    else stretches.push({ phase, from, to: at })
  }
  return stretches
}

const beside = new Set<LifeTurn['kind']>(['edit', 'tag', 'archive'])
