import type { Overview, Usage } from '~/domain/overview/view'
import { costText, numberText } from './overview-words'
import { Section } from './page'
import { Since } from './Since'

/** What agents used and cost, as far as they said. */
export function OverviewUsage({ usage: { day, month } }: { usage: Overview['usage'] }) {
  const rows: { name: string; of(usage: Usage): string }[] = [
    { name: 'Tokens in', of: ({ inputTokens }) => numberText(inputTokens) },
    { name: 'Tokens out', of: ({ outputTokens }) => numberText(outputTokens) },
    { name: 'Cost', of: ({ costUsd }) => costText(costUsd) },
  ]
  const isUnsaid = month.inputTokens + month.outputTokens + month.costUsd === 0
  return (
    <Section title="Tokens and cost" description="Of all agents, as far as they say what they used" flush>
      <table className="w-full text-right tabular-nums">
        <thead className="text-xs text-ink-2">
          <tr className="border-b border-line">
            <td />
            <th scope="col" className="px-2 py-1.5 font-medium">
              24 hours
              <Since at={day.since} />
            </th>
            <th scope="col" className="py-1.5 pr-4 pl-2 font-medium">
              30 days
              <Since at={month.since} />
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ name, of }) => (
            <tr key={name}>
              <th scope="row" className="py-1.5 pr-2 pl-4 text-left font-normal text-ink-2">
                {name}
              </th>
              <td className="px-2 py-1.5">{of(day)}</td>
              <td className="py-1.5 pr-4 pl-2">{of(month)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isUnsaid && (
        <p className="border-t border-line px-4 py-2.5 text-xs text-ink-2">
          No agent said in this time what it used: the toolbox and plain programs use no model.
        </p>
      )}
    </Section>
  )
}
