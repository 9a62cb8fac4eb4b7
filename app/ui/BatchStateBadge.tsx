import type { BatchState } from '~db/vocabulary'
import { batchStateLabels } from './batch-words'
import { CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from './icons'

const looks: Record<BatchState, { Icon: typeof CircleCheck; text: string; spins?: boolean }> = {
  DRAFT: { Icon: CircleDashed, text: 'text-ink-3' },
  RUNNING: { Icon: LoaderCircle, text: 'text-accent', spins: true },
  STOPPED: { Icon: CircleSlash, text: 'text-warn' },
  DONE: { Icon: CircleCheck, text: 'text-good' },
}

/** Icon, word and colour. */
export function BatchStateBadge({ state }: { state: BatchState }) {
  const { Icon, text, spins } = looks[state]
  return (
    <span className="inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap">
      <Icon aria-hidden className={`size-3.5 ${text} ${spins ? 'motion-safe:animate-spin' : ''}`} />
      {batchStateLabels[state]}
    </span>
  )
}
