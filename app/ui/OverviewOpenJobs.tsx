import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { openStatuses, statusLabels } from '~/domain/jobs/status'
import { lengthText } from '~/domain/length'
import type { Overview, WaitingFact } from '~/domain/overview/view'
import { paths } from '~/paths'
import { Clock } from './icons'
import { statusLooks } from './JobStatusBadge'
import { Name } from './name'
import { numberText } from './overview-words'

/** How many jobs are open by status, and how long the oldest job has waited for an agent or a person; each leads to its jobs. */
export function OverviewOpenJobs({ overview }: { overview: Overview }) {
  return (
    <section aria-labelledby="open-jobs">
      <h2 id="open-jobs" className="sr-only">
        Open jobs
      </h2>
      <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 lg:grid-cols-[repeat(5,minmax(0,1fr))_minmax(0,1.6fr)]">
        {openStatuses.map((status) => {
          const { Icon, text } = statusLooks[status]
          const count = overview.open[status]
          return (
            <li key={status} className="bg-surface">
              <Link to={paths.desk({ status: [status] })} className={tile}>
                <span className="flex items-center gap-1.5 text-xs text-ink-2">
                  <Icon aria-hidden className={`size-3.5 shrink-0 ${count > 0 ? text : 'text-ink-3'}`} />
                  {statusLabels[status]}
                </span>
                <span className={`${figure} ${count > 0 ? '' : 'text-ink-3'}`}>{numberText(count)}</span>
              </Link>
            </li>
          )
        })}
        <li className="bg-surface">
          <OldestWaiting overview={overview} />
        </li>
      </ul>
    </section>
  )
}

const tile = 'flex h-full flex-col gap-1 px-4 py-3 hover:bg-hover focus-visible:-outline-offset-2'
const figure = 'text-2xl leading-tight font-semibold tracking-tight tabular-nums'

const waitsForWords: Record<WaitingFact['waitsFor'], (job: WaitingFact) => ReactNode> = {
  agent: ({ agentName }) =>
    agentName ? (
      <>
        For <Name>{agentName}</Name>
      </>
    ) : (
      'For an agent'
    ),
  review: ({ ownerName }) => (
    <>
      For review by <Name>{ownerName}</Name>
    </>
  ),
  answer: ({ ownerName }) => (
    <>
      For an answer from <Name>{ownerName}</Name>
    </>
  ),
}

function OldestWaiting({ overview: { at, oldestWaiting: oldest } }: { overview: Overview }) {
  const name = (
    <span className="flex items-center gap-1.5 text-xs text-ink-2">
      <Clock aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      Oldest waiting
    </span>
  )
  if (!oldest) {
    return (
      <div className="flex h-full flex-col gap-1 px-4 py-3">
        {name}
        <span className={`${figure} text-ink-3`}>None</span>
      </div>
    )
  }
  return (
    <Link to={paths.deskJob(oldest.id)} className={tile}>
      {name}
      <span className={figure}>{lengthText(at - oldest.since)}</span>
      <span className="line-clamp-3 text-xs text-ink-2 wrap-anywhere">
        {waitsForWords[oldest.waitsFor](oldest)} · <Name>{oldest.name}</Name>
      </span>
    </Link>
  )
}
