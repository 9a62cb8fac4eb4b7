import { Link } from '@remix-run/react'
import type { Concern, Verdict } from '~/domain/overview/verdict'
import { paths } from '~/paths'
import { CircleAlert, CircleCheck, TriangleAlert } from './icons'
import { plainName } from './name'

const looks = {
  good: { Icon: CircleCheck, box: 'border-good/30 bg-good-soft', icon: 'text-good' },
  warn: { Icon: TriangleAlert, box: 'border-warn/30 bg-warn-soft', icon: 'text-warn' },
  danger: { Icon: CircleAlert, box: 'border-danger/30 bg-danger-soft', icon: 'text-danger' },
} as const

/** Is all well? In words, and what is wrong where it is not. */
export function OverviewVerdict({ verdict: { tone, headline, summary, concerns } }: { verdict: Verdict }) {
  const { Icon, box, icon } = looks[tone]
  return (
    <section aria-labelledby="verdict" data-tone={tone} className={`rounded-lg border px-4 py-4 ${box}`}>
      <div className="flex gap-3">
        <Icon aria-hidden className={`mt-0.5 size-6 shrink-0 ${icon}`} />
        <div className="flex min-w-0 flex-col gap-2">
          <div>
            <h2 id="verdict" className="text-lg font-semibold tracking-tight">
              {headline}
            </h2>
            <p className="text-ink-2">{summary}</p>
          </div>
          {concerns.length > 0 && (
            <ul className="flex flex-col gap-1.5">
              {concerns.map((concern) => (
                <ConcernLine key={concern.text} concern={concern} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </section>
  )
}

function ConcernLine({ concern: { tone, text, about } }: { concern: Concern }) {
  const { Icon, icon } = looks[tone]
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${icon}`} />
      <Link
        to={pathOf(about)}
        className="min-w-0 underline decoration-ink-3/60 underline-offset-3 wrap-anywhere hover:decoration-ink"
      >
        <bdi>{plainName(text)}</bdi>
      </Link>
    </li>
  )
}

function pathOf(about: Concern['about']): string {
  if (about.kind === 'job') return paths.deskJob(about.id)
  if (about.kind === 'agent') return paths.agent(about.id)
  if (about.kind === 'schedule') return paths.schedule(about.id)
  if (about.kind === 'schedules') return paths.scheduleList({ scope: 'all', failing: 'true' })
  return about.kind === 'agents' ? paths.agents : paths.desk({ status: ['FAILED'] })
}
