import { Link } from '@remix-run/react'
import { olderThan } from '~/domain/jobs/log-cursor'
import { isFiltered } from '~/domain/jobs/log-filter'
import type { JobView } from '~/domain/jobs/view'
import { Button, buttonClass } from './button'
import { CirclePause, CirclePlay, CircleX } from './icons'
import { JobLogFilters } from './JobLogFilters'
import { JobLogItem } from './JobLogItem'
import { useJobPlace } from './job-place'
import type { LiveJob, ShownLog } from './live-job'
import { Section } from './page'

interface JobLogProps {
  job: Pick<JobView, 'id' | 'attemptCount'>
  /** Who tried it: names by id. */
  agents: Record<string, string>
  live: LiveJob
}

/** What happened to the job, newest last. */
export function JobLog({ job, agents, live }: JobLogProps) {
  const jobId = job.id
  const place = useJobPlace()
  const { log } = live
  const { filter, lookedTo } = log
  const further = furtherOf(log)
  const more = 'block py-2 text-center text-xs text-accent hover:underline'
  const to = (cursor: string | null) => place.log(jobId, { ...filter, cursor })
  return (
    <Section
      id="log"
      title="Log"
      description={
        log.nextCursor || isFiltered(filter)
          ? undefined
          : `${log.prevCursor ? `The newest ${log.rows.length} rows` : 'Everything that happened'}, newest last.`
      }
      actions={
        <>
          {log.newestError !== null && <NewestError jobId={jobId} log={log} number={log.newestError} />}
          {live.isFollowed && <FollowButton live={live} />}
        </>
      }
    >
      <JobLogFilters job={job} agents={agents} log={log} />
      {log.prevCursor && (
        <Link to={to(log.prevCursor)} className={`${more} mb-3 border-b border-line print:hidden`}>
          {further === 'back' || further === 'both' ? 'Look further back' : 'Show what happened before'}
        </Link>
      )}
      {lookedTo !== null ? (
        <p role="status" className="py-2 text-center text-ink-2">
          Looked as far as row {lookedTo.toLocaleString('en')};{' '}
          {log.rows.length === 0 ? 'nothing found among these rows.' : 'no more found so far.'}
        </p>
      ) : (
        log.rows.length === 0 && (
          <p className="py-2 text-center text-ink-2">
            {log.prevCursor || log.nextCursor
              ? 'Nothing more of this kind here.'
              : 'Nothing of this kind happened.'}
          </p>
        )
      )}
      <ol>
        {log.rows.map((row) => (
          <JobLogItem key={row.id} log={row} />
        ))}
      </ol>
      <div ref={live.end} className="scroll-mb-12" />
      {log.nextCursor && (
        <Link to={to(log.nextCursor)} className={`${more} mt-3 border-t border-line`}>
          {further === 'on' || further === 'both' ? 'Look further on' : 'Show what happened after'}
        </Link>
      )}
    </Section>
  )
}

/** Which way there may be more behind the last row that was looked at; where nothing was found, it may be either. */
function furtherOf({ lookedTo, rows }: ShownLog): 'back' | 'on' | 'both' | null {
  if (lookedTo === null) return null
  const first = rows[0]
  if (!first) return 'both'
  return lookedTo <= first.number ? 'back' : 'on'
}

/** Leads to the row that says what went wrong last, on the page of the log that has it. */
function NewestError({ jobId, log, number }: { jobId: string; log: ShownLog; number: number }) {
  const place = useJobPlace()
  const isHere = log.rows.some((row) => row.number === number)
  const whole = place.log(jobId, { cursor: olderThan(number + 1) }).replace(/#log$/, `#log-${number}`)
  const look = buttonClass({ size: 'small', variant: 'quiet' }, 'text-danger!')
  const words = (
    <>
      <CircleX aria-hidden />
      Newest error
    </>
  )
  return isHere ? (
    <a href={`#log-${number}`} className={look}>
      {words}
    </a>
  ) : (
    <Link to={whole} className={look}>
      {words}
    </Link>
  )
}

/** Holds new lines back while somebody reads, and shows them again. */
function FollowButton({ live: { isPaused, held, setPaused } }: { live: LiveJob }) {
  const Icon = isPaused ? CirclePlay : CirclePause
  return (
    <Button size="small" variant="quiet" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
      <Icon aria-hidden />
      {isPaused ? `Follow${held > 0 ? ` (${held.toLocaleString('en')} new)` : ''}` : 'Pause'}
    </Button>
  )
}
