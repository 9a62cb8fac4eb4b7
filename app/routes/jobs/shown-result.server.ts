import { shapeOf } from '~/domain/jobs/result-shape'
import { wellFormedJson } from '~/domain/well-formed'
import { tagOf } from '~/http/json-action.server'
import { markdownHtml } from '~/http/markdown.server'
import { apiPaths } from '~/paths'
import { type ResultExcerpt, resultExcerpt, shown } from '~/ui/excerpt'
import type { ShownResult } from '~/ui/shown-result'
import { KeptResults, type ResultSource } from './kept-results.server'

const kept = new KeptResults()

/** A result as a page shows it. An open job's page is read again with each change. */
export const shownResult = (jobId: string, source: ResultSource): ShownResult =>
  kept.get(jobId, source, () => shapedResult(jobId, { ...source, json: wellFormedJson(source.json) }))

function shapedResult(jobId: string, source: ResultSource): ShownResult {
  const { json, tail, bytes } = source
  const shape = shapeOf(json, tail)
  const excerpt = excerptOf(
    source,
    apiPaths.result(jobId),
    shape.kind === 'image' ? shown.imageSource : undefined,
  )
  switch (shape.kind) {
    case 'markdown':
      return { excerpt, shape: { kind: 'markdown', ...markdownHtml(shape.text) } }
    case 'image': {
      const { alt = 'The result, an image' } = shape.image
      // its bytes come by an address of their own: in the page they would travel with each change
      const src = apiPaths.resultImage(jobId, tagOf(`${json} ${bytes} ${tail}`))
      return { excerpt, shape: { kind: 'image', src, alt } }
    }
    default:
      return { excerpt, shape }
  }
}

/** A field at the top of an object, after fields that are no lists or objects. */
const earlySummary =
  /^\s*\{(?:\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,)*?\s*"summary"\s*:\s*("(?:[^"\\]|\\.)*")/s

function excerptOf({ json, tail, bytes }: ResultSource, whole: string, most?: number): ResultExcerpt {
  if (tail === null) return resultExcerpt(json, whole, most)
  const head = json.slice(0, 2 * shown.result)
  const summary = earlySummary.exec(head)?.[1]
  const text = summary ? `{"summary":${summary}}` : ''
  return {
    ...resultExcerpt(closed(head), whole, most),
    ...{ summary: resultExcerpt(text, whole).summary, cut: true, bytes },
  }
}

/** A string that was cut is closed again, whatever escape it was cut in; anything else stays as it is. */
export function closed(head: string): string {
  if (!head.trimStart().startsWith('"')) return head
  for (let end = head.length; end > head.length - 12; end--) {
    const text = `${head.slice(0, end)}"`
    try {
      JSON.parse(text)
      return text
    } catch {
      // it ends within an escape
    }
  }
  return head
}
