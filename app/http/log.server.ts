import { type Logger, pino } from 'pino'

const kept = globalThis as typeof globalThis & { docketLogger?: Logger }

/** Structured log lines on stdout. Never a secret, a cookie, a query string or a body. */
export function logger(): Logger {
  kept.docketLogger ??= pino({
    level: process.env.LOG_LEVEL || 'info',
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'token', '*.password', '*.token', 'authorization', 'cookie'],
  })
  return kept.docketLogger
}
