import { statusLabels } from '~/domain/jobs/status'
import type { JobStatus } from '~db/vocabulary'
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleX,
  Eye,
  LoaderCircle,
  MessageCircleQuestion,
} from './icons'

export const statusLooks = {
  PENDING: { Icon: CircleDashed, text: 'text-pending', soft: 'bg-pending-soft' },
  ASSIGNED: { Icon: CircleDot, text: 'text-assigned', soft: 'bg-assigned-soft' },
  IN_PROGRESS: { Icon: LoaderCircle, text: 'text-in-progress', soft: 'bg-in-progress-soft' },
  INPUT_REQUIRED: {
    Icon: MessageCircleQuestion,
    text: 'text-input-required',
    soft: 'bg-input-required-soft',
  },
  IN_REVIEW: { Icon: Eye, text: 'text-in-review', soft: 'bg-in-review-soft' },
  COMPLETED: { Icon: CircleCheck, text: 'text-completed', soft: 'bg-completed-soft' },
  FAILED: { Icon: CircleX, text: 'text-failed', soft: 'bg-failed-soft' },
  CANCELED: { Icon: CircleSlash, text: 'text-canceled', soft: 'bg-canceled-soft' },
} as const satisfies Record<JobStatus, unknown>

interface JobStatusBadgeProps {
  status: JobStatus
  /** Whether it is only about to be: what was pressed is on its way. */
  isComing?: boolean
}

/** A job's status: always icon, word and colour. */
export function JobStatusBadge({ status, isComing = false }: JobStatusBadgeProps) {
  const { Icon, text, soft } = statusLooks[status]
  return (
    <span
      data-status={status}
      aria-busy={isComing || undefined}
      className={`${isComing ? 'animate-pulse' : ''} inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${text} ${soft}`}
    >
      <Icon
        aria-hidden
        className={`size-3.5 ${status === 'IN_PROGRESS' ? 'motion-safe:animate-spin' : ''}`}
      />
      {statusLabels[status]}
    </span>
  )
}
