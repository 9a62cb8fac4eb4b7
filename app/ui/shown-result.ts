import type { ResultShape } from '~/domain/jobs/result-shape'
import type { ResultExcerpt } from './excerpt'

/** What the agent handed in, as its page shows it. */
export interface ShownResult {
  /** The source, or its beginning. */
  excerpt: ResultExcerpt
  shape:
    | Exclude<ResultShape, { kind: 'markdown' | 'image' }>
    | { kind: 'markdown'; html: string; isCut: boolean }
    | { kind: 'image'; src: string; alt: string }
}
