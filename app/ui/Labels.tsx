import { Link } from '@remix-run/react'
import type { JobView } from '~/domain/jobs/view'
import { useJobPlace } from './job-place'

/** A job's tags, each leading to the others that have it. */
export function TagLinks({ tags }: { tags: string[] }) {
  const place = useJobPlace()
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {tags.map((tag) => (
        <li key={tag} className="min-w-0">
          <Link
            to={place.tagged(tag)}
            className="block rounded border border-line px-1.5 text-xs wrap-anywhere hover:bg-hover"
          >
            <bdi>{tag}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  )
}

export function MetadataList({ metadata }: { metadata: Record<string, string> }) {
  return (
    <ul className="flex min-w-0 flex-col gap-0.5 font-mono text-xs wrap-anywhere">
      {Object.entries(metadata).map(([key, value]) => (
        <li key={key}>
          <span className="text-ink-2">{`${key}=`}</span>
          <bdi>{value}</bdi>
        </li>
      ))}
    </ul>
  )
}

/** The link to where both are changed. */
export function LabelsLink({
  job: { id, tags, metadata },
}: {
  job: Pick<JobView, 'id' | 'tags' | 'metadata'>
}) {
  const place = useJobPlace()
  const some = tags.length > 0 || Object.keys(metadata).length > 0
  return (
    <Link to={place.verb(id, 'tags')} className="text-xs text-accent hover:underline print:hidden">
      {some ? 'Change tags and metadata' : 'Add tags or metadata'}
    </Link>
  )
}
