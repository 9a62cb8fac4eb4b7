import type { JobFilter, Metadatum, TextTerm } from './list-filter'

/** The question to the text index `jobs_text`, in the language of FTS5. Its tokens are told in db/migrations/0006_job_text.sql. */

const readable = '{tags name description result}'
/** What the index's tokenizer takes for a part of a word; all else parts words. */
const wordEnd = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*$/u
const mark = /\p{M}/gu

/** Whether a list with this filter is found by the text index. */
export const isByText = ({ text, tags, metadata, without }: JobFilter) =>
  [text, tags, metadata, without?.tags, without?.metadata].some(
    (each) => each !== undefined && each.length > 0,
  )

/** Letters and digits of which the index is known to keep no more than the small letter, a Latin one without its marks. */
const known = '0-9A-Za-zÀ-ÖØ-öø-žḀ-ẚẠ-ỿЀ-ҁҊ-ԧ一-龥ぁ-ゖァ-ヺ가-힣'
/** Beginnings of two and three letters have an index of their own. */
const unindexed = 4
const lastWord = new RegExp(`^(|.*[\\0-/:-@[-\`{-\\x7f])([${known}]{${unindexed},})$`, 'su')
const latin = /\p{Script=Latin}/gu

/** As the index has it. */
const folded = (word: string) =>
  word.replaceAll(latin, (letter) => letter.normalize('NFD').replaceAll(mark, '')).toLowerCase()

/** The word whose completions are to be looked up for a term, and what stands before it; null where it needs none. */
export function beginningOf({ text, phrase }: TextTerm): { before: string; word: string } | null {
  const [, before = '', word] = (!phrase && lastWord.exec(text.trimEnd())) || []
  return word === undefined ? null : { before, word: folded(word) }
}

/** A string of FTS5's: whatever the text holds, it is read as words and never as syntax. */
const quoted = (text: string) => `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}"`

const hex = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')
const tagToken = (tag: string) => quoted(`t${hex(tag)}`)
const metadataToken = ({ key, value }: Metadatum) => quoted(`m${hex(`${key}=${value}`)}`)

/**
 * A phrase as it is; a word as the beginning of one, but for a single letter, with which too much begins. Its completions
 * find the same jobs as the prefix does, one by one, while FTS5 gathers all that a prefix matches before it gives the first.
 */
function wordsToken(term: TextTerm): string {
  const { text, phrase, completions } = term
  const beginning = beginningOf(term)
  if (beginning && completions) {
    const before = beginning.before === '' ? '' : `${quoted(beginning.before)} + `
    return `(${completions.map((each) => before + quoted(each)).join(' OR ')})`
  }
  const last = wordEnd.exec(text.trimEnd())?.[0].replaceAll(mark, '') ?? ''
  const isBeginning = !phrase && [...last].length > 1
  return `${quoted(text)}${isBeginning ? ' *' : ''}`
}

/** @param ownerId whose jobs; undefined: everyone's */
export function textMatch(filter: JobFilter, ownerId: string | undefined): string {
  const { text = [], tags = [], metadata = [], without = {} } = filter
  const labels = [...tags.map(tagToken), ...metadata.map(metadataToken)]
  const words = text.filter(({ negated }) => !negated).map(wordsToken)
  const must = [
    ...(ownerId === undefined ? [] : [`owner : ${quoted(`o${ownerId}`)}`]),
    ...(labels.length > 0 ? [`labels : (${labels.join(' AND ')})`] : []),
    ...(words.length > 0 ? [`${readable} : (${words.join(' AND ')})`] : []),
  ]
  const otherLabels = [...(without.tags ?? []).map(tagToken), ...(without.metadata ?? []).map(metadataToken)]
  const mustNot = [
    ...otherLabels.map((label) => `(labels : ${label})`),
    ...text.filter(({ negated }) => negated).map((term) => `(${readable} : (${wordsToken(term)}))`),
  ]
  const all = (must.length > 0 ? must : ['owner : "everyone"']).map((each) => `(${each})`).join(' AND ')
  return mustNot.length > 0 ? `(${all}) NOT (${mustNot.join(' OR ')})` : all
}
