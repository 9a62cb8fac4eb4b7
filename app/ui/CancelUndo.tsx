import { useEffect, useRef, useState } from 'react'
import type { JobView } from '~/domain/jobs/view'
import { useNow } from './clock'
import { RotateCcw } from './icons'
import { useJobPlace } from './job-place'
import { Notice } from './Notice'
import { PostForm, SubmitButton } from './post-form'

/** So long after a cancel it can be undone with one press; later by Resubmit. */
const undoMs = 10_000

type Canceled = Pick<JobView<unknown>, 'id' | 'version' | 'closedAt' | 'result'>

/** Takes a cancel back: the job is handed in again as it was, but for a result, which is the attempt's alone then. */
export function CancelUndo({ job }: { job: Canceled }) {
  const place = useJobPlace()
  const left = undoMs - (useNow() - (job.closedAt ?? 0))
  const [wasThere] = useState(left > 0)
  const [isOver, setOver] = useState(!wasThere)
  const [isPressed, setPressed] = useState(false)
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const end = () => {
      // who was at the button goes on from here
      if (notice.current?.contains(document.activeElement)) notice.current.focus()
      setOver(true)
    }
    const timer = setTimeout(end, Math.max(0, left))
    return () => clearTimeout(timer)
  }, [left])
  if (!wasThere) return null
  // what was pressed in time is answered, however late; and the page below stays where it is
  const isOffered = !isOver || isPressed
  return (
    <Notice role="status">
      <div
        ref={notice}
        tabIndex={-1}
        className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-sm outline-none"
      >
        <p>
          The job is canceled.
          {job.result !== null && ' Undone, it is worked at anew: its result stays with the attempt.'}
        </p>
        <PostForm
          action={place.verb(job.id, 'resubmit')}
          onSubmit={() => setPressed(true)}
          className={isOffered ? '' : 'invisible'}
        >
          <input type="hidden" name="version" value={job.version} />
          <input type="hidden" name="undo" value="on" />
          <SubmitButton variant="secondary" size="small">
            <RotateCcw aria-hidden />
            Undo
          </SubmitButton>
        </PostForm>
      </div>
    </Notice>
  )
}
