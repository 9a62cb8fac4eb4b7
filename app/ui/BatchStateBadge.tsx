import { paths } from '~/paths'
import type { BatchState } from '~db/vocabulary'
import { batchStateLabels } from './batch-words'
import { CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from './icons'
import { useSentTo } from './sending'

const looks: Record<BatchState, { Icon: typeof CircleCheck; text: string; spins?: boolean }> = {
  DRAFT: { Icon: CircleDashed, text: 'text-ink-3' },
  RUNNING: { Icon: LoaderCircle, text: 'text-accent', spins: true },
  STOPPED: { Icon: CircleSlash, text: 'text-warn' },
  DONE: { Icon: CircleCheck, text: 'text-good' },
}

/** Icon, word and colour. That it is stopped is shown as soon as somebody says so, and taken back where that is refused. */
export function BatchStateBadge({ batch }: { batch: { id: string; state: BatchState } }) {
  const isComing = useSentTo(paths.batchVerb(batch.id, 'stop')) !== null
  const state = isComing ? 'STOPPED' : batch.state
  const { Icon, text, spins } = looks[state]
  return (
    <span
      aria-busy={isComing || undefined}
      className={`inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap ${isComing ? 'animate-pulse' : ''}`}
    >
      <Icon aria-hidden className={`size-3.5 ${text} ${spins ? 'motion-safe:animate-spin' : ''}`} />
      {batchStateLabels[state]}
    </span>
  )
}
