import type { AttemptSummary, JobView, Undoable } from '~/domain/jobs/view'
import { CancelUndo } from './CancelUndo'
import { useJobPlace } from './job-place'
import { LongText } from './LongText'
import { Notice } from './Notice'
import { useSentTo } from './sending'
import { Time } from './time'
import { WaitingLine } from './WaitingLine'

interface JobStateProps {
  job: JobView<unknown>
  attempts: AttemptSummary[]
  undo: Undoable | null
}

/** What the status alone does not say: why it failed, why it does not move, that it is archived. */
export function JobState({ job, attempts, undo }: JobStateProps) {
  const last = attempts.at(-1)
  const isBeingArchived = useSentTo(useJobPlace().verb(job.id, 'archive')) !== null
  const waiting = job.status === 'PENDING' || job.status === 'ASSIGNED'
  return (
    <>
      {(job.archivedAt !== null || isBeingArchived) && (
        <Notice>
          <p>
            Archived {job.archivedAt === null ? 'just now' : <Time at={job.archivedAt} />}: it is in no list
            any more. Resubmit brings it back.
          </p>
        </Notice>
      )}
      {undo && <CancelUndo key={job.version} job={job} undo={undo} />}
      {job.waitingFor && <WaitingLine waiting={job.waitingFor} />}
      {job.status === 'FAILED' && (
        <Notice tone="danger" title="It failed">
          {last?.error && <LongText text={last.error} />}
          <p className="text-ink-2">
            Resubmit tries it again as it is. To have it done otherwise, hand in a new job.
          </p>
        </Notice>
      )}
      {waiting && job.failures > 0 && last?.error && (
        <Notice tone="warn" title={`Failure ${job.failures} of ${job.maxAttempts}; it is tried again`}>
          <LongText text={last.error} />
        </Notice>
      )}
    </>
  )
}
