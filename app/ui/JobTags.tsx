import { paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'

/** So many tags a row shows; the others are counted. */
const shown = 3

interface JobTagsProps {
  tags: string[]
  scope: ListScope
}

/** A row's tags, each a link to all jobs that have it. Plain links: the table takes their clicks over. */
export function JobTags({ tags, scope }: JobTagsProps) {
  const more = tags.slice(shown)
  return (
    <>
      {tags.slice(0, shown).map((tag) => (
        <a
          key={tag}
          href={paths.list(scope, { tag: [tag] })}
          className="relative max-w-40 truncate rounded-sm border border-line px-1 text-2xs text-ink-2 hover:border-line-strong hover:text-ink"
        >
          <span className="sr-only">Tag </span>
          <bdi>{tag}</bdi>
        </a>
      ))}
      {more.length > 0 && (
        <span title={more.join(', ')} className="text-2xs text-ink-2">
          +{more.length}
          <span className="sr-only"> more tags</span>
        </span>
      )}
    </>
  )
}
