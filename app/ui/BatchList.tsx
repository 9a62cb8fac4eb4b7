import { Link } from '@remix-run/react'
import type { BatchView } from '~/domain/batches/view'
import { paths } from '~/paths'
import { BatchStateBadge } from './BatchStateBadge'
import { batchTitle } from './batch-words'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { Check } from './icons'
import { Name } from './name'
import { Time } from './time'

interface BatchListProps {
  batches: BatchView[]
  /** Everyone's, with whose they are. */
  isEveryones: boolean
}

/** Batches, newest first: what was done, how far it is, and how much was refused. */
export function BatchList({ batches, isEveryones }: BatchListProps) {
  if (batches.length === 0) return <NeverUsed isEveryones={isEveryones} />
  return (
    <ul className="divide-y divide-line">
      {batches.map((batch) => (
        <li
          key={batch.id}
          className="relative grid items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover md:grid-cols-[minmax(0,1fr)_6rem_15rem_auto]"
        >
          <div className="flex min-w-0 flex-col gap-0.5">
            <Link
              to={paths.batch(batch.id)}
              data-row={batch.id}
              className="w-fit font-medium wrap-anywhere after:absolute after:inset-0"
            >
              {batchTitle(batch)}
            </Link>
            {isEveryones && (
              <span className="text-xs text-ink-2">
                by <Name>{batch.actorName}</Name>, {batch.scope === 'all' ? 'of everyone’s' : 'of their own'}
              </span>
            )}
          </div>
          <BatchStateBadge batch={batch} />
          <span className="text-xs text-ink-2 tabular-nums">{countsText(batch)}</span>
          <Time at={batch.createdAt} className="text-xs whitespace-nowrap text-ink-2 md:text-right" />
        </li>
      ))}
    </ul>
  )
}

/** How many were done, refused and left. */
export function countsText({ total, done, refused, state }: BatchView): string {
  const left = total - done - refused
  const parts = [
    `${done.toLocaleString('en')} done`,
    refused > 0 && `${refused.toLocaleString('en')} refused`,
    left > 0 && `${left.toLocaleString('en')} ${state === 'RUNNING' ? 'to go' : 'left alone'}`,
  ]
  return parts.filter(Boolean).join(', ')
}

function NeverUsed({ isEveryones }: { isEveryones: boolean }) {
  return (
    <EmptyState
      Icon={Check}
      title={isEveryones ? 'Nobody has made a batch' : 'Do one thing with many jobs'}
      actions={<LinkButton to={paths.list(isEveryones ? 'all' : 'own')}>To the jobs</LinkButton>}
    >
      <p>
        Tick jobs in the list, on as many pages as you like, or take all that match: cancel them, resubmit
        them, accept their results, set their priority, tag them. It goes on in the background, and its page
        says what became of each job.
      </p>
    </EmptyState>
  )
}
