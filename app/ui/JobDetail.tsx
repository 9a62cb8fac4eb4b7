import type { ReactNode } from 'react'
import type { Progress } from '~/domain/jobs/progress'
import type { AttemptSummary, JobOrigin, JobView, Page as Rows, TurnView, Undoable } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { paths } from '~/paths'
import { AttemptList } from './AttemptList'
import { BackLink } from './BackLink'
import { ByAdminMark } from './ByAdminMark'
import { CriteriaList } from './CriteriaList'
import { useComingStatus } from './coming-status'
import { DrawnTimeline } from './DrawnTimeline'
import { JobActions } from './JobActions'
import { JobDecision } from './JobDecision'
import { JobLog } from './JobLog'
import { JobProgress } from './JobProgress'
import { JobProperties } from './JobProperties'
import { JobResult } from './JobResult'
import { JobState } from './JobState'
import { JobStatusBadge } from './JobStatusBadge'
import { useRecentJob } from './keys/recent'
import { LongText } from './LongText'
import { type ShownLog, useLiveJob } from './live-job'
import { Name, plainName } from './name'
import { ownActions } from './own-actions'
import { Page, PageHeader, Section } from './page'
import { RefreshWhileOpen } from './RefreshWhileOpen'
import { ReviewWays } from './ReviewWays'
import type { ShownAttempt } from './shown-attempt'
import type { ShownResult } from './shown-result'

interface JobDetailProps {
  viewer: UserActor
  job: JobView<ShownResult>
  origin: JobOrigin
  /** The newest ones, oldest first. */
  attempts: AttemptSummary[]
  /** Those that are listed, newest first. */
  attemptPage: Rows<ShownAttempt>
  /** Who tried: names by id. */
  agents: Record<string, string>
  log: ShownLog
  timeline: DrawnTimeline
  /** What changed it last. */
  lastTurn: TurnView | undefined
  undo: Undoable | null
  progress: Progress | null
  /** A verb's own page, shown above everything; the page then asks for no other decision. */
  panel?: ReactNode
}

/** All there is to know about one job, and all one can do to it. */
export function JobDetail({
  viewer,
  job,
  origin,
  attempts,
  attemptPage,
  agents,
  log,
  timeline,
  lastTurn,
  undo,
  progress,
  panel,
}: JobDetailProps) {
  useRecentJob(viewer.id, job, 'own')
  const live = useLiveJob(job, log)
  const coming = useComingStatus(job, undo?.before)
  return (
    <Page>
      <PageHeader
        above={
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <BackLink to={paths.jobs()}>Jobs</BackLink>
            <ReviewWays job={job} attempts={attempts} scope="own" />
          </div>
        }
        title={plainName(job.name)}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span role="status">
              <JobStatusBadge status={coming ?? job.status} isComing={coming !== null} />
            </span>
            {job.completedByAdmin && <ByAdminMark />}
            <span className="wrap-anywhere">
              <Name>{job.ownerName}</Name>
              {' → '}
              <Name>{job.agentName ?? 'anyone'}</Name>
            </span>
            <RefreshWhileOpen status={job.status} paused={Boolean(panel)} />
          </span>
        }
        actions={<JobActions judged={ownActions(viewer, job)} job={job} />}
      />
      {panel}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <JobState job={job} attempts={attempts} undo={undo} />
          <JobProgress status={job.status} progress={progress} heard={live.progress} />
          <Section title="Acceptance criteria">
            <CriteriaList text={job.acceptanceCriteria} />
          </Section>
          {job.result !== null && (
            <Section title="Result">
              <JobResult result={job.result} />
            </Section>
          )}
          {!panel && <JobDecision {...{ viewer, job, attempts, lastTurn }} />}
          <Section title="Description">
            <LongText text={job.description} />
          </Section>
          <DrawnTimeline {...timeline} />
          <JobLog job={job} agents={agents} live={live} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Section title="Properties">
            <JobProperties job={job} origin={origin} />
          </Section>
          <Section id="attempts" title="Attempts">
            <AttemptList job={job} page={attemptPage} />
          </Section>
        </div>
      </div>
    </Page>
  )
}
