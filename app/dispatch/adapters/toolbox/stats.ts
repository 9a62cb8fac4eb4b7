import { setImmediate as nextTurn } from 'node:timers/promises'

/** Words a minute of silent reading in English (Brysbaert 2019, a meta-analysis of 190 studies). */
const wordsPerMinute = 238
/** A segment costs some 10 microseconds, so this many keep the server's other work waiting some 20 ms at most. */
const segmentsPerTurn = 2000

export interface TextStats {
  /** What a person would count as characters: grapheme clusters (UAX #29), line breaks included. */
  characters: number
  charactersWithoutSpaces: number
  words: number
  distinctWords: number
  sentences: number
  paragraphs: number
  lines: number
  readingTimeSeconds: number
  mostFrequentWords: { word: string; count: number }[]
}

/** Counts in `text`, by Unicode's own rules for words and sentences, so that text without spaces counts too. */
export async function textStats(text: string): Promise<TextStats> {
  const normal = text.replace(/\r\n?/g, '\n')
  const words = await countWords(normal)
  const total = [...words.values()].reduce((sum, count) => sum + count, 0)
  return {
    characters: await countGraphemes(normal),
    charactersWithoutSpaces: await countGraphemes(normal.replace(/\s+/gu, '')),
    words: total,
    distinctWords: words.size,
    sentences: await countSentences(normal),
    paragraphs: normal.split(/\n[^\S\n]*\n/).filter((part) => part.trim() !== '').length,
    lines: normal.split('\n').length,
    readingTimeSeconds: Math.ceil((total / wordsPerMinute) * 60),
    mostFrequentWords: [...words]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, 10)
      .map(([word, count]) => ({ word, count })),
  }
}

const segmenters = {
  grapheme: new Intl.Segmenter('en', { granularity: 'grapheme' }),
  word: new Intl.Segmenter('en', { granularity: 'word' }),
  sentence: new Intl.Segmenter('en', { granularity: 'sentence' }),
}

async function* segments(text: string, granularity: keyof typeof segmenters) {
  let seen = 0
  for (const segment of segmenters[granularity].segment(text)) {
    yield segment
    if (++seen % segmentsPerTurn === 0) await nextTurn()
  }
}

async function countWords(text: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const { segment, isWordLike } of segments(text, 'word')) {
    if (!isWordLike) continue
    const word = segment.toLowerCase()
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

async function countSentences(text: string): Promise<number> {
  let count = 0
  for await (const { segment } of segments(text, 'sentence')) if (/[\p{L}\p{N}]/u.test(segment)) count++
  return count
}

/** Plain ASCII is one grapheme a character; only what is near anything else needs the slow, exact way. */
async function countGraphemes(text: string): Promise<number> {
  let count = text.length
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it means ASCII as such
  for (const [run] of text.matchAll(/[\x00-\x7f]?(?:[^\x00-\x7f]+[\x00-\x7f]?)+/g)) {
    count -= run.length
    for await (const _ of segments(run, 'grapheme')) count++
  }
  return count
}
