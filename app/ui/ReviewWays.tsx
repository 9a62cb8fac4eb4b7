import { Link } from '@remix-run/react'
import type { AttemptSummary, JobView } from '~/domain/jobs/view'
import { paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { useHints } from './keys/hints'

interface ReviewWaysProps {
  job: JobView<unknown>
  attempts: AttemptSummary[]
  scope: ListScope
}

/** From a job under review, or one that was, to the next to review and the one before: plain links, a decision or not. */
export function ReviewWays({ job, attempts, scope }: ReviewWaysProps) {
  const hint = useHints()
  const wasReviewed = job.review === 'required' && attempts.some(({ outcome }) => outcome === 'SUBMITTED')
  if (job.status !== 'IN_REVIEW' && !wasReviewed) return null
  const look = 'rounded-sm text-ink-2 hover:text-ink'
  return (
    <nav aria-label="Jobs to review" className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      <Link to={paths.nextReview(scope, job.id, 'previous')} className={look} {...hint('previous-review')}>
        Previous to review
      </Link>
      <Link to={paths.nextReview(scope, job.id)} className={look} {...hint('next-review')}>
        Next to review
      </Link>
    </nav>
  )
}
