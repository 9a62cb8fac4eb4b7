import { type Judged, passRate } from '~/domain/agents/stats'
import type { AgentChoice } from '~/domain/agents/view'
import { numberText, percentText } from './overview-words'

/** What an agent's figures are called. */

/** `2 of 4 running` */
export const loadText = ({ running, concurrency }: Pick<AgentChoice, 'running' | 'concurrency'>) =>
  `${running} of ${concurrency} running`

/** `92% of 25 results accepted`; empty where none was judged. */
export function passText(judged: Judged): string {
  const rate = passRate(judged)
  if (rate === null) return ''
  const count = judged.accepted + judged.sentBack
  return `${percentText(rate)} of ${numberText(count)} ${count === 1 ? 'result' : 'results'} accepted`
}
