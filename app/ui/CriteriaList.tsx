import { criteriaOf } from '~/domain/jobs/criteria'

/** The acceptance criteria, numbered. */
export function CriteriaList({ text }: { text: string }) {
  return (
    <ol className="flex list-outside list-decimal flex-col gap-1.5 pl-6 marker:text-ink-3 marker:tabular-nums">
      {criteriaOf(text).map((criterion, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a criterion is known by its place only
        <li key={at} className="authored pl-1">
          {criterion}
        </li>
      ))}
    </ol>
  )
}
