import type { WaitingFor, WaitingReason } from '~/domain/jobs/waiting-for'
import { useNow } from './clock'
import {
  CirclePause,
  CirclePlay,
  CircleSlash,
  Clock,
  Eye,
  Hourglass,
  LoaderCircle,
  MessageCircleQuestion,
  RotateCcw,
  TriangleAlert,
} from './icons'
import { Name } from './name'
import { useSettings } from './settings'
import { exactText, relativeText } from './time'

const looks: Record<WaitingReason, typeof Clock> = {
  starting: CirclePlay,
  in_line: Hourglass,
  agent_paused: CirclePause,
  agent_retired: CircleSlash,
  takers_paused: CirclePause,
  no_taker: CircleSlash,
  no_agent: CircleSlash,
  start_time: Clock,
  backoff: RotateCcw,
  running: LoaderCircle,
  lease_lapsed: TriangleAlert,
  answer: MessageCircleQuestion,
  review: Eye,
}

/** What the time is, where there is one. */
const moments: Partial<Record<WaitingReason, string>> = {
  start_time: 'Start',
  backoff: 'Next try',
  running: 'Lease until',
}

interface WaitingLineProps {
  waiting: Pick<WaitingFor, 'reason' | 'who' | 'sentence' | 'at'>
  /** In a list: small, and cut to a line, or two on a narrow screen. */
  quiet?: boolean
}

/** Why an open job does not move, who must act, what happens next and when. */
export function WaitingLine({ waiting, quiet = false }: WaitingLineProps) {
  const { reason, who, sentence, at } = waiting
  const Icon = looks[reason]
  const needed = who === 'owner' || who === 'admin'
  const icon = <Icon aria-hidden className={`size-3.5 shrink-0 ${needed ? 'text-warn' : 'text-ink-3'}`} />
  if (quiet) {
    return (
      <p data-waiting={reason} className="mt-0.5 flex items-start gap-1.5 text-xs text-ink-2">
        <span className="flex h-4 items-center">{icon}</span>
        <span className="flex min-w-0 flex-col gap-x-1.5 lg:flex-row">
          <Name className="line-clamp-2 min-w-0 wrap-anywhere lg:line-clamp-1">{sentence}</Name>{' '}
          {/* a lease ends within seconds, again and again: no news in a list */}
          {at !== null && reason !== 'running' && <Moment reason={reason} at={at} />}
        </span>
      </p>
    )
  }
  return (
    <p
      data-waiting={reason}
      className="flex items-start gap-2.5 rounded-md border border-line bg-surface px-3 py-2.5"
    >
      <span className="flex h-5 items-center">{icon}</span>
      <span className="min-w-0 wrap-anywhere">
        <Name>{sentence}</Name> {at !== null && <Moment reason={reason} at={at} />}
      </span>
    </p>
  )
}

/** `Start in 5 minutes`, `Lease until 12 Nov 2025, 14:03:27 UTC`. What is due says so until the page is read again. */
function Moment({ reason, at }: { reason: WaitingReason; at: number }) {
  const now = useNow()
  const { timeZone } = useSettings()
  const exact = exactText(at, timeZone)
  const soon = at - now < 10_000 ? 'in a moment' : relativeText(at, now, timeZone)
  return (
    <span className="shrink-0 font-medium lg:whitespace-nowrap">
      {moments[reason]}{' '}
      <time dateTime={new Date(at).toISOString()} title={exact}>
        {reason === 'running' ? exact : soon}
      </time>
    </span>
  )
}
