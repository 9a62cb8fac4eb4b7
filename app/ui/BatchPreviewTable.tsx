import type { BatchPreview } from '~/domain/batches/view'
import { jobsText } from './batch-words'
import { CircleCheck, CircleSlash } from './icons'

/** To how many it can be done and to how many not, by reason. */
export function BatchPreviewTable({ preview: { eligible, ineligible } }: { preview: BatchPreview }) {
  return (
    <table className="w-full max-w-2xl text-left">
      <caption className="sr-only">To how many jobs it can be done</caption>
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
              It can be done
            </span>
          </th>
          <td className="px-3 py-2 text-right font-medium whitespace-nowrap tabular-nums">
            {jobsText(eligible)}
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
              {jobsText(count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
