import { Link } from '@remix-run/react'
import type { BatchItemView, BatchView } from '~/domain/batches/view'
import type { Page } from '~/domain/jobs/view'
import { type BatchPlace, paths } from '~/paths'
import { CircleCheck, CircleDashed, CircleX } from './icons'
import { JobStatusBadge } from './JobStatusBadge'
import { Name } from './name'
import { Pager } from './Pager'
import { SteadyLabel } from './SteadyLabel'
import { Time } from './time'

interface BatchItemsProps {
  batch: BatchView
  items: Page<BatchItemView>
  at: BatchPlace
  isMine: boolean
}

/** A line for each job: what became of it and, where it was refused, why. */
export function BatchItems({ batch, items, at, isMine }: BatchItemsProps) {
  const page = (cursor: string | null) => cursor && paths.batch(batch.id, { ...at, cursor })
  const toJob = (id: string) => (isMine && batch.scope === 'own' ? paths.job(id) : paths.deskJob(id))
  const isImport = batch.verb === 'import'
  // what is wrong with a row is known before it is started
  const isShown = batch.state !== 'DRAFT' || isImport
  return (
    <>
      {isShown && <Tabs batch={batch} at={at} />}
      {items.rows.length === 0 ? (
        <p className="p-4 text-ink-2">{at.show ? 'None.' : 'There is no job in it.'}</p>
      ) : (
        <ul className="divide-y divide-line">
          {items.rows.map((item) => (
            <li
              key={item.jobId}
              className="grid items-center gap-x-4 gap-y-1 px-4 py-2 md:grid-cols-[minmax(0,1fr)_8.5rem_minmax(0,1.3fr)_auto]"
            >
              {item.jobName === null ? (
                <span className="text-ink-2">
                  {isImport && item.outcome !== 'DONE' ? `Row ${item.row}` : 'A job that was purged'}
                </span>
              ) : (
                <Link
                  to={toJob(item.jobId)}
                  className="line-clamp-2 min-w-0 font-medium wrap-anywhere hover:underline"
                >
                  {isImport && <span className="font-normal text-ink-2">Row {item.row} </span>}
                  <Name>{item.jobName}</Name>
                </Link>
              )}
              <span>{item.jobStatus && <JobStatusBadge status={item.jobStatus} />}</span>
              {isShown && <Outcome item={item} batch={batch} />}
              {item.at !== null && (
                <Time at={item.at} className="text-xs whitespace-nowrap text-ink-2 md:text-right" />
              )}
            </li>
          ))}
        </ul>
      )}
      {(items.prevCursor || items.nextCursor) && (
        <div className="border-t border-line p-2">
          <Pager
            label="Pages of its jobs"
            prev={page(items.prevCursor)}
            next={page(items.nextCursor)}
            prevLabel="Previous"
            nextLabel="Next"
          />
        </div>
      )}
    </>
  )
}

function Outcome({ item: { outcome, reason }, batch }: { item: BatchItemView; batch: BatchView }) {
  if (outcome === null) {
    const isOver = batch.state === 'DONE' || batch.state === 'STOPPED'
    return (
      <span className="flex items-center gap-1.5 text-xs text-ink-2">
        <CircleDashed aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        {batch.state === 'DRAFT' ? 'Can be made' : isOver ? 'Left alone' : 'Not looked at yet'}
      </span>
    )
  }
  const isDone = outcome === 'DONE'
  const Icon = isDone ? CircleCheck : CircleX
  return (
    <span className="flex min-w-0 items-start gap-1.5 text-xs text-pretty text-ink-2 wrap-anywhere">
      <Icon aria-hidden className={`mt-px size-3.5 shrink-0 ${isDone ? 'text-good' : 'text-danger'}`} />
      <span>{isDone ? 'Done' : `Refused. ${reason ?? ''}`}</span>
    </span>
  )
}

const tabs = [
  { show: null, label: 'All', count: ({ total }: BatchView) => total },
  { show: 'done', label: 'Done', count: ({ done }: BatchView) => done },
  { show: 'refused', label: 'Refused', count: ({ refused }: BatchView) => refused },
  { show: 'left', label: 'Left', count: ({ total, done, refused }: BatchView) => total - done - refused },
] as const

function Tabs({ batch, at }: { batch: BatchView; at: BatchPlace }) {
  return (
    <nav aria-label="By what became of them" className="border-b border-line px-2.5 py-1.5">
      <ul className="flex flex-wrap gap-1">
        {tabs.map(({ show, label, count }) => (
          <li key={label}>
            <Link
              to={paths.batch(batch.id, { show })}
              aria-current={(at.show ?? null) === show ? 'page' : undefined}
              className="flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-ink-2 hover:text-ink aria-[current]:bg-hover aria-[current]:font-medium aria-[current]:text-ink"
            >
              <SteadyLabel text={label} />
              <span className="font-normal text-ink-3 tabular-nums">{count(batch).toLocaleString('en')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
