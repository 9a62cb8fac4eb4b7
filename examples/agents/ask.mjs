#!/usr/bin/env node
// An agent for Docket that asks when something is missing: it sorts the lines of the description, and wants to know
// in which order. The answer comes with its next attempt, as `earlier[].answer`. Protocol: README.md beside this file.
import { text } from 'node:stream/consumers'

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const job = JSON.parse(await text(process.stdin))
const answers = job.earlier.map((attempt) => attempt.answer).filter(Boolean)
const feedback = job.earlier.map((attempt) => attempt.feedback).filter(Boolean)

// the newest word counts: feedback and answers before the text of the job
const order = [...[...feedback, ...answers].reverse(), job.acceptanceCriteria, job.name]
  .map(orderIn)
  .find(Boolean)

if (!order) {
  say({ type: 'log', message: 'Neither the name nor the criteria say in which order.' })
  say({ type: 'question', question: 'In which order shall I sort the lines: ascending or descending?' })
} else {
  const lines = job.description.split(/\r?\n/).filter((line) => line.trim() !== '')
  say({ type: 'progress', percent: 50, message: `sorting ${lines.length} lines, ${order}` })
  const { compare } = new Intl.Collator('en', { numeric: true })
  const sorted = lines.toSorted(order === 'ascending' ? compare : (a, b) => compare(b, a))
  say({ type: 'result', result: { order, lines: sorted } })
}

function orderIn(words) {
  if (/\bdesc(ending)?\b|z\s*(-|to)\s*a/i.test(words)) return 'descending'
  if (/\basc(ending)?\b|a\s*(-|to)\s*z/i.test(words)) return 'ascending'
  return undefined
}
