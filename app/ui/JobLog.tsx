import { Link } from '@remix-run/react'
import { Button } from './button'
import { CirclePause, CirclePlay } from './icons'
import { JobLogItem } from './JobLogItem'
import { useJobPlace } from './job-place'
import type { LiveJob } from './live-job'
import { Section } from './page'

/** What happened to the job, newest last. */
export function JobLog({ jobId, live }: { jobId: string; live: LiveJob }) {
  const place = useJobPlace()
  const { log } = live
  const more = 'block py-2 text-center text-xs text-accent hover:underline'
  return (
    <Section
      id="log"
      title="Log"
      description={log.nextCursor ? undefined : 'Everything that happened, newest last.'}
      actions={live.isFollowed && <FollowButton live={live} />}
    >
      {log.prevCursor && (
        <Link to={place.log(jobId, log.prevCursor)} className={`${more} mb-3 border-b border-line`}>
          Show what happened before
        </Link>
      )}
      <ol>
        {log.rows.map((row) => (
          <JobLogItem key={row.id} log={row} />
        ))}
      </ol>
      <div ref={live.end} />
      {log.nextCursor && (
        <Link to={place.log(jobId, log.nextCursor)} className={`${more} mt-3 border-t border-line`}>
          Show what happened after
        </Link>
      )}
    </Section>
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
