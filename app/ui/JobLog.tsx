import { Link } from '@remix-run/react'
import type { LogView, Page } from '~/domain/jobs/view'
import type { Excerpt } from './excerpt'
import { JobLogItem } from './JobLogItem'
import { useJobPlace } from './job-place'
import { Section } from './page'

interface JobLogProps {
  jobId: string
  /** Oldest first; `prevCursor` leads to what came before, `nextCursor` to what came after. */
  log: Page<LogView<Excerpt>>
}

/** What happened to the job, newest last. */
export function JobLog({ jobId, log }: JobLogProps) {
  const place = useJobPlace()
  const more = 'block py-2 text-center text-xs text-accent hover:underline'
  return (
    <Section
      id="log"
      title="Log"
      description={log.nextCursor ? undefined : 'Everything that happened, newest last.'}
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
      {log.nextCursor && (
        <Link to={place.log(jobId, log.nextCursor)} className={`${more} mt-3 border-t border-line`}>
          Show what happened after
        </Link>
      )}
    </Section>
  )
}
