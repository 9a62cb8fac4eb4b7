import { passRate } from '~/domain/agents/stats'
import type { AgentPeriod, AgentStats } from '~/domain/agents/view'
import { costText, numberText, percentText } from './overview-words'
import { Section } from './page'
import { Since } from './Since'
import { durationText } from './time'

type Figures = Pick<AgentStats, 'last24Hours' | 'last30Days'>

const none = '–'

const rows: { name: string; note?: string; of(period: AgentPeriod): string }[] = [
  { name: 'Done', note: 'attempts that handed something in', of: ({ done }) => numberText(done) },
  { name: 'Failed', of: ({ failed }) => numberText(failed) },
  {
    name: 'Median time',
    note: 'of those done',
    of: ({ medianMs }) => (medianMs === null ? none : durationText(medianMs)),
  },
  { name: 'Results accepted', of: ({ accepted }) => numberText(accepted) },
  { name: 'Results sent back', of: ({ sentBack }) => numberText(sentBack) },
  { name: 'Pass rate', note: 'accepted of those judged', of: passText },
  { name: 'Tokens in', of: ({ inputTokens }) => numberText(inputTokens) },
  { name: 'Tokens out', of: ({ outputTokens }) => numberText(outputTokens) },
  { name: 'Cost', of: ({ costUsd }) => costText(costUsd) },
]

function passText(period: AgentPeriod): string {
  const rate = passRate(period)
  return rate === null ? none : percentText(rate)
}

/** What came of its work lately. */
export function AgentRecord({ stats: { last24Hours, last30Days } }: { stats: Figures }) {
  return (
    <Section
      title="Record"
      description="The last 24 hours and the last 30 days with today, counted by the whole hour of UTC."
      flush
    >
      <table className="w-full text-right tabular-nums">
        <thead className="text-xs text-ink-2">
          <tr className="border-b border-line">
            <td />
            <th scope="col" className="px-2 py-1.5 font-medium">
              24 hours
              <Since at={last24Hours.since} />
            </th>
            <th scope="col" className="py-1.5 pr-4 pl-2 font-medium">
              30 days
              <Since at={last30Days.since} />
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ name, note, of }) => (
            <tr key={name}>
              <th scope="row" className="py-1.5 pr-2 pl-4 text-left font-normal text-ink-2">
                {name}
                {note && <span className="text-xs text-ink-3 max-sm:hidden"> {note}</span>}
              </th>
              <td className="px-2 py-1.5">{of(last24Hours)}</td>
              <td className="py-1.5 pr-4 pl-2">{of(last30Days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
