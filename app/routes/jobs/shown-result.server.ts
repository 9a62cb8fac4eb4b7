import { shapeOf } from '~/domain/jobs/result-shape'
import { wellFormedJson } from '~/domain/well-formed'
import { tagOf } from '~/http/json-action.server'
import { markdownHtml } from '~/http/markdown.server'
import { apiPaths } from '~/paths'
import { resultExcerpt, shown } from '~/ui/excerpt'
import type { ShownResult } from '~/ui/shown-result'
import { KeptResults } from './kept-results.server'

const kept = new KeptResults()

/** A result as a page shows it. It may be megabytes, and an open job's page is read again with each change. */
export const shownResult = (jobId: string, json: string): ShownResult =>
  kept.get(jobId, json, () => shapedResult(jobId, wellFormedJson(json)))

function shapedResult(jobId: string, json: string): ShownResult {
  const whole = apiPaths.result(jobId)
  const shape = shapeOf(json)
  switch (shape.kind) {
    case 'markdown':
      return { excerpt: resultExcerpt(json, whole), shape: { kind: 'markdown', ...markdownHtml(shape.text) } }
    case 'image': {
      const { base64, alt = 'The result, an image' } = shape.image
      // its bytes come by an address of their own: in the page they would travel with each change
      const src = apiPaths.resultImage(jobId, tagOf(base64))
      return { excerpt: resultExcerpt(json, whole, shown.imageSource), shape: { kind: 'image', src, alt } }
    }
    default:
      return { excerpt: resultExcerpt(json, whole), shape }
  }
}
