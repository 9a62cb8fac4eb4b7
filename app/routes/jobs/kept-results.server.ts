import type { ShownResult } from '~/ui/shown-result'

/** A result as it is read for a page. */
export interface ResultSource {
  /** JSON text, or the beginning of a long one. */
  json: string
  /** The end of a long one. */
  tail: string | null
  /** Of the whole. */
  bytes: number
}

/** All that is kept, in characters, sources counted: tens of megabytes. */
const mostKept = 20_000_000
/** What is longer alone is made anew each time: it would push out many others. */
const mostOfOne = 6_000_000
const mostEntries = 200

interface Kept {
  source: ResultSource
  shown: ShownResult
  size: number
}

const madeOf = (source: ResultSource, shown: ShownResult): Kept => ({
  ...{ source, shown },
  size: source.json.length + JSON.stringify(shown).length,
})

const isSame = (one: ResultSource, other: ResultSource) =>
  one.json === other.json && one.tail === other.tail && one.bytes === other.bytes

/**
 * Results as their pages show them, by their jobs, those that were asked for last. An open page is read again with each
 * change, whoever made it, and most of them leave the result as it is. One is given out only for the very text that it
 * was made of, and so can't be another job's or an older one.
 */
export class KeptResults {
  readonly #kept = new Map<string, Kept>()
  #size = 0

  /** In characters. */
  get size() {
    return this.#size
  }

  /** @param make what is shown where it is not kept */
  get(jobId: string, source: ResultSource, make: () => ShownResult): ShownResult {
    const found = this.#kept.get(jobId)
    if (found) this.#drop(jobId, found)
    const kept = found && isSame(found.source, source) ? found : madeOf(source, make())
    if (kept.size <= mostOfOne) this.#keep(jobId, kept)
    return kept.shown
  }

  #keep(jobId: string, kept: Kept) {
    this.#kept.set(jobId, kept)
    this.#size += kept.size
    for (const [oldest, each] of this.#kept) {
      if (this.#size <= mostKept && this.#kept.size <= mostEntries) return
      this.#drop(oldest, each)
    }
  }

  #drop(jobId: string, kept: Kept) {
    this.#kept.delete(jobId)
    this.#size -= kept.size
  }
}
