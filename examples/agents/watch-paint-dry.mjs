#!/usr/bin/env node
// An agent for Docket that takes its time: it watches paint dry and says every second how dry it is, so that you can
// see progress, a long log and a cancellation as they happen. How long it takes is in the description or the criteria
// ("2 coats", "3 minutes a coat"); PAINT_SPEED=100 makes it 100 times as fast. Protocol: README.md beside this file.
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const job = JSON.parse(await text(process.stdin))
const words = `${job.description}\n${job.acceptanceCriteria}`
const coats = numberBefore('coats?', 1)
const seconds = Math.round(numberBefore('minutes?', 3) * 60)
const tick = 1000 / Math.max(1, Number(process.env.PAINT_SPEED) || 1)

if (coats * seconds > 12 * 3600) {
  say({ type: 'fail', reason: 'I watch for twelve hours at the most.', retryable: false })
  process.exit(0)
}

say({ type: 'log', message: `Watching ${coats} ${coats === 1 ? 'coat' : 'coats'} dry, ${seconds} s each.` })
const readings = []
for (let coat = 1; coat <= coats; coat++) {
  say({ type: 'log', message: `Coat ${coat} of ${coats} is on.` })
  for (let second = 1; second <= seconds; second++) {
    // timers are no finer than a millisecond
    if (tick >= 1) await wait(tick)
    const dry = dryness(second / seconds)
    const done = ((coat - 1) * seconds + second) / (coats * seconds)
    say({
      type: 'progress',
      percent: Math.floor(done * 100),
      message: `coat ${coat} is ${feel(dry)} (${Math.round(dry * 100)}% dry)`,
    })
    if (second % Math.ceil(seconds / 4) === 0)
      readings.push({ coat, second, dry: Math.round(dry * 1000) / 1000 })
  }
}
say({
  type: 'result',
  result: {
    verdict: 'dry',
    coats,
    secondsPerCoat: seconds,
    model: 'none: exponential drying, no paint was harmed',
    readings,
  },
})

/** Paint dries fast at first, then slowly; after the whole time it is as good as dry. */
function dryness(part) {
  return (1 - Math.exp(-4 * part)) / (1 - Math.exp(-4))
}

function feel(dry) {
  return ['wet', 'wet', 'tacky', 'touch-dry', 'nearly dry', 'dry'][Math.floor(dry * 5)]
}

/** The last number before a word, as in “3 coats” or “1.5 minutes”. */
function numberBefore(word, otherwise) {
  const found = [...words.matchAll(new RegExp(`(\\d+(?:\\.\\d+)?)\\s+${word}\\b`, 'gi'))].at(-1)?.[1]
  return found && Number(found) > 0 ? Number(found) : otherwise
}
