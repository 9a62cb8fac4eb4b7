import { type ListPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { buttonClass } from './button'
import { ChevronDown } from './icons'

/** The list as it is narrowed down, whole, as a file. */
export function ExportMenu({ scope, at }: { scope: ListScope; at: ListPlace }) {
  const link = 'block rounded-sm px-2.5 py-1.5 hover:bg-hover'
  return (
    <details className="relative">
      <summary className={buttonClass({ size: 'small' })}>
        Export
        <ChevronDown aria-hidden className="text-ink-3" />
      </summary>
      <div className="absolute left-0 z-20 sm:right-0 sm:left-auto mt-1 w-44 rounded-md border border-line bg-surface p-1 shadow-md">
        <a href={paths.exportJobs(scope, 'csv', at)} className={link} download>
          CSV, for a spreadsheet
        </a>
        <a href={paths.exportJobs(scope, 'ndjson', at)} className={link} download>
          NDJSON, for a script
        </a>
      </div>
    </details>
  )
}
