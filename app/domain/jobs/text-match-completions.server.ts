import type { TextTerm } from './list-filter'
import { beginningOf } from './text-match'

/** With more than these a word stays a prefix. */
export const mostCompletions = 32

/** Which words' completions are to be looked up, as the text index spells them. */
export const beginningsIn = (text: readonly TextTerm[] = []): string[] => [
  ...new Set(text.flatMap((term) => beginningOf(term)?.word ?? [])),
]

/** The first term at or behind a place: a search in the index, however many jobs have it. */
const termFrom = (place: string) => `(SELECT term FROM jobs_terms WHERE term >= ${place} LIMIT 1)`
/** Behind all that begins with a text, and right behind the text itself: no term has either character. */
const [behindAll, behind] = ['char(1114111)', 'char(1)']

/** A WITH clause: `completions (word, term)` are the terms that begin with each of `:words`, at most `:most` and one more. */
export const completionsSql = `WITH RECURSIVE found (word, term, number) AS (
    SELECT w.value, ${termFrom('w.value')}, 1 FROM json_each(:words) w
    UNION ALL
    SELECT f.word, ${termFrom(`f.term || ${behind}`)}, f.number + 1 FROM found f
    WHERE f.number <= :most AND f.term < f.word || ${behindAll}),
  completions AS (SELECT word, term FROM found WHERE term < word || ${behindAll})`

/** The terms of a text, with the completions that were found. */
export function completed(
  text: readonly TextTerm[],
  found: readonly { word: string; term: string }[],
): TextTerm[] {
  return text.map((each) => {
    const word = beginningOf(each)?.word
    const completions = found.filter((one) => one.word === word).map(({ term }) => term)
    const isWhole = completions.length > 0 && completions.length <= mostCompletions
    return isWhole ? { ...each, completions } : each
  })
}
