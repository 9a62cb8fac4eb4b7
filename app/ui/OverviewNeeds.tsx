import { Link } from '@remix-run/react'
import { Fragment, type ReactNode } from 'react'
import type { JobFact, Overview, ScheduleFact } from '~/domain/overview/view'
import { maxFailingCounted } from '~/domain/schedules/view'
import { paths } from '~/paths'
import type { JobStatus } from '~db/vocabulary'
import { CircleCheck } from './icons'
import { statusLooks } from './JobStatusBadge'
import { Name } from './name'
import { numberText } from './overview-words'
import { Section } from './page'
import { Time } from './time'

interface Group {
  title: string
  /** Who must act. */
  who(job: JobFact): string
  jobs: JobFact[]
  /** How many there are, where that is known. */
  total?: number
  /** All of them. */
  all: JobStatus
}

const owner = ({ ownerName }: JobFact) => ownerName

function groupsOf({ needs, open }: Overview): Group[] {
  const groups: Group[] = [
    {
      title: 'To be answered',
      who: owner,
      jobs: needs.questions,
      total: open.INPUT_REQUIRED,
      all: 'INPUT_REQUIRED',
    },
    { title: 'To be reviewed', who: owner, jobs: needs.reviews, total: open.IN_REVIEW, all: 'IN_REVIEW' },
    {
      title: 'Waiting for an agent that is paused, or for nobody',
      who: () => 'an admin',
      jobs: needs.stuck,
      all: needs.stuck[0]?.status ?? 'PENDING',
    },
    { title: 'Failed in the last 24 hours', who: owner, jobs: needs.failures, all: 'FAILED' },
  ]
  return groups.filter(({ jobs }) => jobs.length > 0)
}

/** What does not go on by itself: which job, who must act, since when. */
export function OverviewNeeds({ overview }: { overview: Overview }) {
  const groups = groupsOf(overview)
  const { schedules } = overview.needs
  return (
    <Section title="Needs someone now" flush>
      {groups.length === 0 && schedules.length === 0 ? (
        <p className="flex items-center gap-2 px-4 py-6 text-ink-2">
          <CircleCheck aria-hidden className="size-4 shrink-0 text-good" />
          Nothing waits for a person.
        </p>
      ) : (
        <div className="grid grid-cols-1 gap-px overflow-hidden rounded-b-lg bg-line lg:grid-cols-2">
          {groups.map((group) => (
            <NeedGroup key={group.title} group={group} />
          ))}
          {schedules.length > 0 && <FailingGroup schedules={schedules} total={overview.failingSchedules} />}
        </div>
      )}
    </Section>
  )
}

function NeedGroup({ group: { title, who, jobs, total, all } }: { group: Group }) {
  const more = total === undefined || total <= jobs.length ? 'See in the list' : `All ${numberText(total)}`
  return (
    <TitledList title={title} all={{ to: paths.desk({ status: [all] }), label: more }}>
      {jobs.map((job) => (
        <NeedLine
          key={job.id}
          {...statusLooks[job.status]}
          {...job}
          to={paths.deskJob(job.id)}
          who={who(job)}
          about={[job.agentName, job.why]}
        />
      ))}
    </TitledList>
  )
}

function FailingGroup({ schedules, total }: { schedules: ScheduleFact[]; total: number }) {
  const count = total < maxFailingCounted ? numberText(total) : `${maxFailingCounted}+`
  const more = total <= schedules.length ? 'See in the list' : `All ${count}`
  return (
    <TitledList
      title="Failing schedules"
      all={{ to: paths.scheduleList({ scope: 'all', failing: 'true' }), label: more }}
    >
      {schedules.map(({ id, name, since, ownerName, job, why }) => (
        <NeedLine
          key={id}
          {...statusLooks.FAILED}
          {...{ name, since }}
          to={paths.schedule(id)}
          who={ownerName}
          about={[job ? `${job.name} failed` : 'No job was created', why]}
        />
      ))}
    </TitledList>
  )
}

interface TitledListProps {
  title: string
  /** The whole list. */
  all: { to: string; label: string }
  children: ReactNode
}

function TitledList({ title, all, children }: TitledListProps) {
  return (
    <div className="bg-surface py-3 lg:last:odd:col-span-2">
      <div className="flex items-baseline justify-between gap-3 px-4 pb-1">
        <h3 className="text-xs font-medium text-ink-2">{title}</h3>
        <Link to={all.to} className="shrink-0 text-xs text-accent hover:underline">
          {all.label}
          <span className="sr-only"> ({title.toLowerCase()})</span>
        </Link>
      </div>
      <ul>{children}</ul>
    </div>
  )
}

interface NeedLineProps extends Pick<(typeof statusLooks)[JobStatus], 'Icon' | 'text'> {
  name: string
  to: string
  who: string
  since: number
  /** What else is known of it. */
  about: (string | null)[]
}

function NeedLine({ Icon, text, name, to, who, since, about }: NeedLineProps) {
  return (
    <li className="relative flex gap-2.5 px-4 py-1.5 hover:bg-hover">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${text}`} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-3">
          <Link
            to={to}
            className="line-clamp-3 min-w-0 font-medium sm:line-clamp-1 wrap-anywhere after:absolute after:inset-0"
          >
            <Name>{name}</Name>
          </Link>
          <Time at={since} className="shrink-0 text-xs text-ink-2" />
        </div>
        <p className="line-clamp-1 text-xs wrap-anywhere text-ink-2">
          Up to <Name>{who}</Name>
          {about
            .filter((each) => each !== null)
            .map((each) => (
              <Fragment key={each}>
                {' · '}
                <Name>{each}</Name>
              </Fragment>
            ))}
        </p>
      </div>
    </li>
  )
}
