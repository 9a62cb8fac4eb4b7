import { Link } from '@remix-run/react'
import type { ScheduleDetailView } from '~/domain/schedules/view'
import { paths } from '~/paths'
import { AgentStateBadge } from './AgentStateBadge'
import { LinkButton } from './button'
import { ConfirmBox } from './ConfirmBox'
import { Pencil } from './icons'
import { Notice } from './Notice'
import { Name, plainName } from './name'
import { PageHeader, Properties, Property, Section } from './page'
import { ScheduleFailureLine } from './ScheduleFailureLine'
import { NextRuns, ScheduleRuns } from './ScheduleRuns'
import { RemoveScheduleForm, RunScheduleForm, ScheduleStateForm } from './ScheduleVerbs'
import { catchUpWords } from './schedule-words'
import { TemplatesNav } from './TemplatesNav'
import { Time } from './time'

interface ScheduleDetailProps {
  schedule: ScheduleDetailView
  /** An admin looks at everyone's, and may pause and remove them. */
  isOwn: boolean
}

/** One schedule: what it hands in, when next, and what became of its runs. */
export function ScheduleDetail({ schedule, isOwn }: ScheduleDetailProps) {
  const isPaused = schedule.state === 'PAUSED'
  return (
    <>
      <PageHeader
        above={<TemplatesNav />}
        title={
          <span className="flex flex-wrap items-center gap-2">
            <bdi className="wrap-anywhere">{plainName(schedule.name)}</bdi>
            <AgentStateBadge id={schedule.id} state={schedule.state} />
          </span>
        }
        actions={
          <>
            {isOwn && <RunScheduleForm schedule={schedule} />}
            {(isOwn || !isPaused) && <ScheduleStateForm schedule={schedule} />}
            {isOwn && (
              <LinkButton to={paths.editSchedule(schedule.id)} size="small">
                <Pencil aria-hidden />
                Edit
              </LinkButton>
            )}
            <ConfirmBox label="Remove…">
              <p>It hands in nothing more. The jobs it made stay.</p>
              <RemoveScheduleForm schedule={schedule} />
            </ConfirmBox>
          </>
        }
      />
      {schedule.problem && (
        <Notice tone="warn" title="The last run made no job">
          <p>{schedule.problem}</p>
          {!isPaused && schedule.nextAt !== null && <p>It goes on: the next run tries again.</p>}
        </Notice>
      )}
      {schedule.failure?.job && (
        <Notice tone="warn" title="The last of its jobs to end failed">
          <p>
            <ScheduleFailureLine failure={schedule.failure} isOwn={isOwn} />
          </p>
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <Section title="What it does">
            <ScheduleProperties schedule={schedule} isOwn={isOwn} />
          </Section>
          <Section title="Last runs" description="The newest 20." flush>
            <ScheduleRuns runs={schedule.runs} isOwn={isOwn} />
          </Section>
        </div>
        <Section title="Next runs" description={schedule.timeZone}>
          {schedule.nextRuns.length > 0 ? (
            <NextRuns runs={schedule.nextRuns} />
          ) : (
            <p className="text-ink-2">
              {isPaused ? 'None while it is paused.' : 'None: it is never due again.'}
            </p>
          )}
        </Section>
      </div>
    </>
  )
}

function ScheduleProperties({ schedule, isOwn }: ScheduleDetailProps) {
  const values = Object.entries(schedule.values).filter(([, value]) => value !== '')
  return (
    <Properties>
      <Property name="Template">
        {schedule.templateName === null ? (
          <span className="text-ink-2">removed, or no longer shared</span>
        ) : (
          <Link to={paths.template(schedule.templateId)} className="text-accent underline">
            <Name>{schedule.templateName}</Name>
          </Link>
        )}
      </Property>
      {values.map(([name, value]) => (
        <Property key={name} name={name}>
          <span className="line-clamp-4 whitespace-pre-line" dir="auto">
            {value}
          </span>
        </Property>
      ))}
      <Property name="When">
        {schedule.words && <p>{schedule.words}</p>}
        <code className="font-mono text-xs text-ink-2">{schedule.cron}</code>
      </Property>
      <Property name="Time zone">{schedule.timeZone}</Property>
      <Property name="Missed">{catchUpWords[schedule.catchUp].words}</Property>
      {!isOwn && (
        <Property name="Owner">
          <Name>{schedule.ownerName}</Name>
        </Property>
      )}
      <Property name="Made">
        <Time at={schedule.createdAt} />
      </Property>
    </Properties>
  )
}
