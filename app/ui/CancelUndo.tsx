import { useEffect, useRef, useState } from 'react'
import type { JobView, Undoable } from '~/domain/jobs/view'
import { useNow } from './clock'
import { RotateCcw } from './icons'
import { useJobPlace } from './job-place'
import { Notice } from './Notice'
import { PostForm, SubmitButton } from './post-form'

interface CancelUndoProps {
  job: Pick<JobView<unknown>, 'id' | 'version'>
  undo: Undoable
}

/** Offers to undo a cancel for as long as that works. */
export function CancelUndo({ job, undo }: CancelUndoProps) {
  const place = useJobPlace()
  const left = undo.until - useNow()
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
          {undo.before === 'IN_PROGRESS' && ' Undo puts it back in the queue: the run can’t be resumed.'}
        </p>
        <PostForm
          action={place.verb(job.id, 'undo')}
          onSubmit={() => setPressed(true)}
          className={isOffered ? '' : 'invisible'}
        >
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
