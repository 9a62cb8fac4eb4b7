import type { FirstJob } from '~/domain/batches/view'
import { Name } from './name'
import { Section } from './page'

/** The first jobs that a table's rows make, before any is made. @param isAll whether there are no more */
export function FirstJobs({ jobs, isAll }: { jobs: FirstJob[]; isAll: boolean }) {
  return (
    <Section title={isAll ? 'What is made' : `The first ${jobs.length}`} flush>
      <ul className="divide-y divide-line">
        {jobs.map(({ row, name, description, tags, priority }) => (
          <li key={row} className="flex flex-col gap-0.5 px-4 py-2">
            <p className="flex flex-wrap gap-x-2">
              <Name className="font-medium wrap-anywhere">{name}</Name>
              <span className="text-xs text-ink-2">
                row {row}
                {priority > 0 && ` · P${priority}`}
                {tags.length > 0 && ` · ${tags.join(', ')}`}
              </span>
            </p>
            <p dir="auto" className="line-clamp-3 text-xs whitespace-pre-wrap text-ink-2 wrap-anywhere">
              {description}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
