import { criteriaOf } from '~/domain/jobs/criteria'

/** The acceptance criteria, numbered. */
export function CriteriaList({ text }: { text: string }) {
  return (
    <ol className="flex list-outside list-decimal flex-col gap-1.5 marker:text-ink-3 marker:tabular-nums">
      {criteriaOf(text).map((criterion, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a criterion is known by its place only
        <li key={at} dir="auto" className="authored ms-6 ps-1">
          {criterion}
        </li>
      ))}
    </ol>
  )
}
