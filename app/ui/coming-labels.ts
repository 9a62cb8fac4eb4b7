import type { JobView } from '~/domain/jobs/view'
import { useJobPlace } from './job-place'
import { useSentTo } from './sending'

type Labels = Pick<JobView, 'tags' | 'metadata'>

/** A job's labels, or those that are on their way to it: shown at once, and taken back where they are refused. */
export function useLabels({ id, tags, metadata }: Labels & Pick<JobView, 'id'>): Labels {
  const sent = useSentTo(useJobPlace().verb(id, 'tags'))
  if (!sent) return { tags, metadata }
  return { tags: typedTags(`${sent.get('tags')}`), metadata: typedMetadata(`${sent.get('metadata')}`) }
}

/** What `app/domain/jobs/labels.ts` makes of both where it refuses neither, without the checks: those need a page's size of code. */
const typedTags = (text: string) =>
  [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ].sort()

const typedMetadata = (text: string) =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : []
    }),
  )
