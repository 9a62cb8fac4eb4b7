/**
 * Loaded into the built server before it (`node --import`): at each SIGUSR2 it writes the longest time that the event loop
 * was held since the last one, and the slowest statement of that time, as a line `stall {...}`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import Database from 'libsql'

const delay = monitorEventLoopDelay({ resolution: 2 })
delay.enable()
let slowest = { ms: 0, sql: '' }

const { prepare } = Database.prototype
Database.prototype.prepare = function timed(/** @type {string} */ sql) {
  const statement = prepare.call(this, sql)
  for (const method of /** @type {const} */ (['all', 'run'])) {
    const run = statement[method]
    statement[method] = (/** @type {unknown[]} */ ...args) => {
      const startedAt = performance.now()
      try {
        return run.apply(statement, args)
      } finally {
        const ms = performance.now() - startedAt
        if (ms > slowest.ms) slowest = { ms, sql }
      }
    }
  }
  return statement
}

process.on('SIGUSR2', () => {
  process.stdout.write(`stall ${JSON.stringify({ ms: delay.max / 1e6, slowest })}\n`)
  delay.reset()
  slowest = { ms: 0, sql: '' }
})
