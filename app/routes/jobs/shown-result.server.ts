import { shapeOf } from '~/domain/jobs/result-shape'
import { markdownHtml, mostMarkdown } from '~/http/markdown.server'
import { paths } from '~/paths'
import { resultExcerpt } from '~/ui/excerpt'
import type { ShownResult } from '~/ui/shown-result'

/** A result as a page shows it. It may be megabytes, and an open job's page is read again with each change. */
export function shownResult(jobId: string, json: string): ShownResult {
  const excerpt = resultExcerpt(json, paths.api.result(jobId))
  const shape = shapeOf(json)
  if (shape.kind !== 'markdown') return { excerpt, shape }
  const { text } = shape
  return { excerpt, shape: { kind: 'markdown', html: markdownHtml(text), isCut: text.length > mostMarkdown } }
}
