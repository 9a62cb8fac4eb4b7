import type { BatchView } from '~/domain/batches/view'
import { jobsText, rowsText } from './batch-words'
import { CircleCheck, CircleSlash } from './icons'

/** To how many it can be done and to how many not, by reason. */
export function BatchPreviewTable({ verb, preview }: Pick<BatchView, 'verb' | 'preview'>) {
  const { eligible, ineligible } = preview
  const isImport = verb === 'import'
  const countText = isImport ? rowsText : jobsText
  return (
    <table className="w-full max-w-2xl text-left">
      <caption className="sr-only">
        {isImport ? 'How many rows become jobs' : 'To how many jobs it can be done'}
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Can it be done?</th>
          <th scope="col">How many</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line rounded-md border border-line">
        <tr>
          <th scope="row" className="px-3 py-2 font-medium">
            <span className="flex items-start gap-2">
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
              {isImport ? 'Ready to import' : 'It can be done'}
            </span>
          </th>
          <td className="px-3 py-2 text-right font-medium whitespace-nowrap tabular-nums">
            {countText(eligible)}
          </td>
        </tr>
        {ineligible.map(({ reason, count }) => (
          <tr key={reason}>
            <th scope="row" className="px-3 py-2 font-normal text-ink-2">
              <span className="flex items-start gap-2">
                <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
                {reason}
              </span>
            </th>
            <td className="px-3 py-2 text-right whitespace-nowrap text-ink-2 tabular-nums">
              {countText(count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
