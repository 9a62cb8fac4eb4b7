#!/usr/bin/env node
// An agent for Docket without a model: it summarises the job's description by picking its most telling sentences.
// A sentence counts for more the more often its words come up in the whole text. Protocol: README.md beside this file.
import { text } from 'node:stream/consumers'

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const job = JSON.parse(await text(process.stdin))
const started = performance.now()
const feedback = job.earlier.map((attempt) => attempt.feedback).filter(Boolean)

say({
  type: 'log',
  message: `Working on “${job.name}” (attempt ${job.attempt}). I have no model: I pick sentences, I write none.`,
})
if (feedback.length > 0)
  say({ type: 'log', message: 'I was sent back: all I can take from feedback is a number of sentences.' })

const sentences = split(job.description, 'sentence').filter((sentence) => wordsOf(sentence).length > 0)
if (sentences.length === 0) {
  say({ type: 'fail', reason: 'The description has no sentence to summarise.', retryable: false })
  process.exit(0)
}
say({ type: 'progress', percent: 30, message: `read ${sentences.length} sentences` })

const wanted = wantedSentences() ?? Math.min(5, Math.max(1, Math.ceil(sentences.length / 4)))
const frequency = count(sentences.flatMap(wordsOf).filter((word) => word.length > 3))
const scored = sentences.map((sentence, index) => ({ sentence, index, score: score(sentence) }))
say({ type: 'progress', percent: 70, message: 'scored them' })

const chosen = scored
  .toSorted((a, b) => b.score - a.score || a.index - b.index)
  .slice(0, wanted)
  .sort((a, b) => a.index - b.index)

say({ type: 'usage', provider: 'docket.examples', durationMs: Math.round(performance.now() - started) })
say({ type: 'progress', percent: 100, message: 'done' })
say({
  type: 'result',
  result: {
    summary: chosen.map(({ sentence }) => sentence).join(' '),
    method: 'extractive: sentences scored by the frequency of their words, no model',
    sentences: { read: sentences.length, kept: chosen.length },
    keywords: [...frequency]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 8)
      .map(([word]) => word),
  },
})

/** The last number of sentences that feedback, or else the criteria, ask for: “in 3 sentences”. */
function wantedSentences() {
  const asked = [job.acceptanceCriteria, ...feedback].map((line) => /(\d{1,3}) sentences?/i.exec(line)?.[1])
  const last = asked.filter(Boolean).at(-1)
  return last && Number(last) > 0 ? Number(last) : null
}

/** The mean frequency of a sentence's words, so that long sentences do not win by being long. */
function score(sentence) {
  const words = wordsOf(sentence)
  return words.reduce((sum, word) => sum + (frequency.get(word) ?? 0), 0) / (words.length + 3)
}

function split(from, granularity) {
  const segments = new Intl.Segmenter('en', { granularity }).segment(from.replace(/\s+/g, ' '))
  return Array.from(segments, ({ segment }) => segment.trim())
}

function wordsOf(sentence) {
  return sentence.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? []
}

function count(words) {
  const counts = new Map()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
