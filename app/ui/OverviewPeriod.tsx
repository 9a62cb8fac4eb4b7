import type { Flow, Period } from '~/domain/overview/period'
import { shortDateText } from '~/domain/zones/clock'
import { type Chart, ChartDrawing, ChartKey } from './chart'
import { ChevronRight } from './icons'
import { hourName, numberText, periodSentence, rateText } from './overview-words'
import { Section } from './page'
import { exactText } from './time'

interface OverviewPeriodProps {
  id: 'day' | 'month'
  title: string
  /** What was just before, as in `than the 24 hours before`. */
  before: string
  period: Period
  flow: Chart
  rate: Chart
}

/** A period's totals, its charts, and the same as a table. */
export function OverviewPeriod({ id, title, before, period, flow, rate }: OverviewPeriodProps) {
  const { total } = period
  const quiet = total.created + total.completed + total.failed + total.canceled === 0
  return (
    <Section title={title} description={`By the ${period.each}, in ${period.zone}`}>
      <div className="flex flex-col gap-4">
        <Totals period={period} before={before} />
        {period.exactSince !== null && (
          <p className="text-xs text-ink-2">
            Until {exactText(period.exactSince, period.zone)} jobs were counted by the hour of UTC: each of
            the figures up to then may be off by less than an hour’s jobs.
          </p>
        )}
        {quiet ? (
          <p className="rounded-md border border-dashed border-line px-3 py-8 text-center text-ink-2">
            No job was handed in or closed in this time.
          </p>
        ) : (
          <>
            <figure className="flex flex-col gap-2">
              <ChartDrawing id={`${id}-flow`} chart={flow} label={periodSentence(period)} />
              <figcaption>
                <ChartKey
                  id={`${id}-key`}
                  marks={[
                    { kind: 'completed', label: 'Completed' },
                    { kind: 'failed', label: 'Failed' },
                    { kind: 'line', label: 'Created' },
                  ]}
                />
              </figcaption>
            </figure>
            <figure className="flex flex-col gap-1">
              <figcaption className="text-xs text-ink-2">
                Failure rate: of the jobs that ended, how many failed
              </figcaption>
              <ChartDrawing
                id={`${id}-rate`}
                chart={rate}
                label={`Failure rate over the same time: ${rateText(total)} altogether.`}
              />
            </figure>
            <PeriodTable period={period} title={title} />
          </>
        )}
      </div>
    </Section>
  )
}

function Totals({ period: { total, before }, before: than }: { period: Period; before: string }) {
  const figures = [
    { name: 'Created', now: numberText(total.created), earlier: numberText(before.created) },
    { name: 'Completed', now: numberText(total.completed), earlier: numberText(before.completed) },
    { name: 'Failed', now: numberText(total.failed), earlier: numberText(before.failed) },
    { name: 'Failure rate', now: rateText(total), earlier: rateText(before) },
  ]
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      {figures.map(({ name, now, earlier }) => (
        <div key={name}>
          <dt className="text-xs text-ink-2">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{now}</dd>
          <dd className="text-xs text-ink-2 tabular-nums">
            {earlier} <span className="sr-only">in {than} </span>before
          </dd>
        </div>
      ))}
    </dl>
  )
}

const columns: { name: string; of(flow: Flow): string }[] = [
  { name: 'Created', of: ({ created }) => numberText(created) },
  { name: 'Completed', of: ({ completed }) => numberText(completed) },
  { name: 'Failed', of: ({ failed }) => numberText(failed) },
  { name: 'Canceled', of: ({ canceled }) => numberText(canceled) },
  { name: 'Failure rate', of: rateText },
]

function PeriodTable({ period: { each, zone, buckets }, title }: { period: Period; title: string }) {
  const isHour = each === 'hour'
  return (
    <details className="group border-t border-line pt-3">
      <summary className="flex items-center gap-1 rounded-sm text-xs text-accent hover:underline">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        Show as a table
      </summary>
      <table className="mt-2 w-full text-right text-xs tabular-nums max-sm:-mx-3 max-sm:w-[calc(100%+1.5rem)] max-sm:text-2xs">
        <caption className="sr-only">{title}, the newest first</caption>
        <thead className="text-ink-2">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 pr-1 text-left font-medium sm:pr-2">
              {isHour ? 'Hour' : 'Day'}
            </th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="px-0.5 py-1 font-medium last:pr-0 sm:px-2">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {buckets.toReversed().map((bucket) => (
            <tr key={bucket.at}>
              <th scope="row" className="py-1 pr-1 text-left font-normal sm:pr-2">
                <span className={isHour ? 'max-sm:sr-only' : ''}>{shortDateText(bucket.at, zone)}</span>
                {isHour && ` ${hourName(bucket.at, zone)}`}
              </th>
              {columns.map(({ name, of }) => (
                <td key={name} className="px-0.5 py-1 last:pr-0 sm:px-2">
                  {of(bucket)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
