import { olderThan } from '~/domain/jobs/log-cursor'
import { statusLabels } from '~/domain/jobs/status'
import type { Lane, RetryCause, Timeline } from '~/domain/jobs/timeline'
import type { Phase } from '~/domain/jobs/timeline-stretches'
import type { TurnView } from '~/domain/jobs/view'
import { outcomeLabel, outcomeLook } from './attempt-words'
import { statusLooks } from './JobStatusBadge'
import { useJobPlace } from './job-place'
import { actorWords, logLooks } from './log-words'
import { Name } from './name'
import { TimelineAxis } from './TimelineAxis'
import { durationText, Time } from './time'

const phases: Record<Phase, { label: string; fill: string }> = {
  queued: { label: 'Waiting for an agent', fill: 'fill-line-strong' },
  retry: { label: 'Waiting for another try', fill: 'url(#timeline-retry)' },
  running: { label: 'Running', fill: 'fill-in-progress' },
  people: { label: 'Waiting for people', fill: 'url(#timeline-people)' },
  closed: { label: 'Closed', fill: 'url(#timeline-closed)' },
}
const counted = ['queued', 'retry', 'running', 'people'] as const

/** One scale for all of them. */
const laneGrid =
  'grid grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-x-3 text-xs @xl:grid-cols-[9rem_minmax(0,1fr)_8.5rem]'

interface JobTimelineProps {
  jobId: string
  timeline: Timeline
}

/**
 * How the job's time went by, to scale. Drawn on the server alone (`routes/jobs/drawn-timeline.server.tsx`): its links are
 * plain ones.
 */
export function JobTimeline({ jobId, timeline }: JobTimelineProps) {
  const place = useJobPlace()
  const { bars, lanes, moreLanes, totals, from, to, isWhole } = timeline
  // what was closed for no time at all has no width
  const seen = bars.filter(({ width }) => width > 0)
  const spent = counted.filter((phase) => totals[phase] > 0)
  const closed = to - from - counted.reduce((sum, phase) => sum + totals[phase], 0)
  const summary = spent.map((phase) => `${phases[phase].label} ${durationText(totals[phase])}`).join(', ')
  return (
    <>
      <figure className="@container flex flex-col gap-2">
        <div className={laneGrid}>
          <span className="font-medium">{isWhole ? 'All of it' : 'The newest part'}</span>
          <svg
            role="img"
            aria-label={summary ? `How its time went by: ${summary}.` : 'Nothing has lasted yet.'}
            viewBox="0 0 1000 20"
            preserveAspectRatio="none"
            width="100%"
            height="20"
            className="rounded-sm bg-sunken"
          >
            <Patterns />
            {seen.map(({ phase, x, width, lasted, many }) => (
              <Bar
                key={x}
                {...{ phase, x, width, height: 20 }}
                title={`${many > 1 ? `${many} short parts` : phases[phase].label}, ${durationText(lasted)}`}
              />
            ))}
          </svg>
          <span className="tabular-nums @max-xl:col-start-2">{durationText(to - from)}</span>
        </div>
        {lanes.length > 0 && (
          <ol className="flex flex-col gap-1.5">
            {moreLanes > 0 && (
              <li className="text-xs">
                <a
                  href={place.attempts(jobId, olderThan(lanes[0]?.number ?? 1, 'attempts-newest'))}
                  className="text-accent hover:underline"
                >
                  {moreLanes.toLocaleString('en')} earlier {moreLanes === 1 ? 'attempt' : 'attempts'} not
                  drawn
                </a>
              </li>
            )}
            {lanes.map((lane) => (
              <LaneRow key={lane.number} jobId={jobId} lane={lane} />
            ))}
          </ol>
        )}
        <div className={laneGrid}>
          <div className="col-start-2">
            <TimelineAxis ticks={timeline.ticks} />
          </div>
          <div className="grid grid-cols-2 gap-x-3 text-ink-2 @max-sm:col-span-2 @sm:col-start-2">
            <Time at={from} exact />
            <Time at={to} exact className="text-right" />
          </div>
        </div>
        <figcaption className="flex flex-wrap gap-x-4 gap-y-1 border-t border-line pt-2.5 text-xs">
          {spent.map((phase) => (
            <KeyEntry key={phase} phase={phase} lasted={totals[phase]} />
          ))}
          {closed > 0 && <KeyEntry phase="closed" lasted={closed} note="not to scale" />}
        </figcaption>
      </figure>
      {!isWhole && (
        <p className="mt-3 text-xs text-ink-2">
          It changed too often to draw all of it; <AllChanges jobId={jobId} />.
        </p>
      )}
    </>
  )
}

function AllChanges({ jobId }: { jobId: string }) {
  return (
    <a href={useJobPlace().log(jobId, { kind: 'changes' })} className="text-accent underline">
      the log has all
    </a>
  )
}

function Bar({
  phase,
  x,
  width,
  height,
  title,
}: {
  phase: Phase
  x: number
  width: number
  height: number
  title?: string
}) {
  const { fill } = phases[phase]
  const isPattern = fill.startsWith('url')
  return (
    <rect
      x={x}
      y={0}
      width={width}
      height={height}
      fill={isPattern ? fill : undefined}
      className={isPattern ? undefined : fill}
    >
      {title && <title>{title}</title>}
    </rect>
  )
}

/** What a part of the bar stands for, and how much of it there was. */
function KeyEntry({ phase, lasted, note }: { phase: Phase; lasted: number; note?: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg aria-hidden viewBox="0 0 12 12" width="12" height="12">
        <Bar phase={phase} x={0} width={12} height={12} />
      </svg>
      {phases[phase].label}
      <span className="text-ink-2 tabular-nums">
        {durationText(lasted)}
        {note && `, ${note}`}
      </span>
    </span>
  )
}

/** So that phases are told apart by more than their colours. */
function Patterns() {
  const lines = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' } as const
  return (
    <defs>
      <pattern id="timeline-retry" {...lines}>
        <rect width="6" height="6" className="fill-failed-soft" />
        <circle cx="3" cy="3" r="1.5" className="fill-failed" />
      </pattern>
      <pattern id="timeline-people" {...lines} patternTransform="rotate(45)">
        <rect width="6" height="6" className="fill-in-review-soft" />
        <rect width="2.5" height="6" className="fill-in-review" />
      </pattern>
      <pattern id="timeline-closed" {...lines}>
        <rect y="2.5" width="6" height="1" className="fill-line-strong" />
      </pattern>
    </defs>
  )
}

/** What made another attempt necessary. */
const causes: Record<RetryCause, string> = {
  fail: 'Tried again after a failure',
  expire: 'Tried again after an interruption',
  release: 'Tried again after it was given back',
  answer: 'Went on with an answer',
  sendBack: 'Done again with feedback',
  resubmit: 'Begun anew when it was resubmitted',
  reassign: 'Begun anew when it was reassigned',
}

/** An attempt: who, how long, how it ended; it leads to what the log has of it. */
function LaneRow({ jobId, lane }: { jobId: string; lane: Lane }) {
  const place = useJobPlace()
  const { number, agentName, outcome, isSentBack, x, width, lasted, isRunning, after, why } = lane
  return (
    <li className={laneGrid}>
      <a
        href={place.log(jobId, { attempt: number })}
        aria-label={`Attempt ${number} in the log`}
        className="truncate text-accent hover:underline"
      >
        #{number} <Name>{agentName}</Name>
      </a>
      <svg
        aria-hidden
        viewBox="0 0 1000 10"
        preserveAspectRatio="none"
        width="100%"
        height="10"
        className="rounded-sm bg-sunken"
      >
        <rect
          x={x}
          width={width}
          height="10"
          className={`${outcomeLook(outcome)} fill-current ${isRunning ? 'motion-safe:animate-pulse' : ''}`}
        />
      </svg>
      <span className="@max-xl:col-start-2">
        <span className={isSentBack ? 'text-ink-2' : outcomeLook(outcome)}>
          {isSentBack ? 'Sent back' : outcomeLabel(outcome)}
        </span>
        , <span className="tabular-nums">{durationText(lasted)}</span>
      </span>
      {after && <span className="col-start-2 -col-end-1 text-ink-2">{causes[after]}</span>}
      {why && (
        <span className="authored col-start-2 -col-end-1 line-clamp-2 text-ink-2">
          {isSentBack ? 'Feedback: ' : outcome === 'WAITING' ? 'Question: ' : ''}
          {why}
        </span>
      )}
    </li>
  )
}

/** The same as a list. */
export function TurnList({ jobId, turns }: { jobId: string; turns: TurnView[] }) {
  return (
    <>
      {(turns[0]?.number ?? 1) > 1 && (
        <p className="mt-2 text-xs text-ink-2">
          The newest {turns.length} changes; <AllChanges jobId={jobId} />.
        </p>
      )}
      <ol className="mt-2 flex flex-col gap-1.5 text-xs">
        {turns.map((turn) => (
          <li key={turn.number} className="grid grid-cols-[11rem_minmax(0,1fr)] gap-x-3 max-sm:grid-cols-1">
            <Time at={turn.createdAt} exact className="text-ink-2 tabular-nums" />
            <span className="wrap-anywhere">
              <Name className="font-medium">{actorWords(turn)}</Name> {logLooks[turn.kind].words}
              <span className={`ml-1.5 font-medium ${statusLooks[turn.status].text}`}>
                {statusLabels[turn.status]}
              </span>
              {turn.message && <span className="ml-1.5 text-ink-2">{turn.message}</span>}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}
