import { useEffect, useState } from 'react'
import type { JobView } from '~/domain/jobs/view'
import { useNow } from './clock'
import { RotateCcw } from './icons'
import { useJobPlace } from './job-place'
import { Notice } from './Notice'
import { PostForm, SubmitButton } from './post-form'

/** So long after a cancel it can be undone with one press; later by Resubmit. */
const undoMs = 10_000

/** Takes a cancel back: the job is handed in again as it is. */
export function CancelUndo({ job }: { job: Pick<JobView<unknown>, 'id' | 'version' | 'closedAt'> }) {
  const place = useJobPlace()
  const left = undoMs - (useNow() - (job.closedAt ?? 0))
  const [isOver, setOver] = useState(left <= 0)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), Math.max(0, left))
    return () => clearTimeout(timer)
  }, [left])
  if (isOver || left <= 0) return null
  return (
    <Notice role="status">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p>The job is canceled.</p>
        <PostForm action={place.verb(job.id, 'resubmit')}>
          <input type="hidden" name="version" value={job.version} />
          <SubmitButton variant="secondary" size="small">
            <RotateCcw aria-hidden />
            Undo
          </SubmitButton>
        </PostForm>
      </div>
    </Notice>
  )
}
