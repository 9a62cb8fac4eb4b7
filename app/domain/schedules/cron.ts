import { Cron } from 'croner'

/**
 * When a schedule is due: a cron expression of five fields, or a nickname such as @daily, on the clocks of a time zone.
 * Where clocks are put forward, a time that is left out is made up for at the first moment after the gap; where they are
 * put back, a fixed time comes once, and what comes every so many minutes or hours goes on through both. Pure.
 */

export const normalCron = (text: string) => text.trim().replace(/\s+/g, ' ')

/** What is wrong with an expression, in a sentence; null where nothing is. */
export function cronProblem(cron: string): string | null {
  const fields = cron.split(' ')
  if (fields.length > 5 && fields.length < 8)
    return 'Give five fields: a schedule is no finer than a minute, and has no year.'
  if (fields.length !== 5 && !/^@[a-z]+$/i.test(cron))
    return 'Give five fields (minute, hour, day of month, month, day of week), or a word such as @daily.'
  // croner reads it as the moment of asking, which is another one each time
  if (cron.includes('?')) return 'Write * where any value is meant.'
  try {
    return patternOf(cron, 'UTC').nextRun() ? null : 'This is never due: no month has such a day.'
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it can’t be read.'
    return `This is no cron expression: ${why.replace(/\.?$/, '.')}`
  }
}

/**
 * The next due times after a moment, oldest first.
 *
 * @param after milliseconds since 1970 UTC
 * @throws {Error} where the expression or the zone is none
 */
export const dueAfter = (cron: string, timeZone: string, after: number, count: number): number[] =>
  patternOf(cron, timeZone)
    .nextRuns(count, new Date(after))
    .map((each) => each.getTime())

/** The newest due times up to a moment and no older than `since`, oldest first, `most` of them at the most. */
export const dueUntil = (
  cron: string,
  timeZone: string,
  { since, until, most }: { since: number; until: number; most: number },
): number[] =>
  patternOf(cron, timeZone)
    .previousRuns(most, new Date(until + 1))
    .map((each) => each.getTime())
    .filter((at) => at >= since)
    .reverse()

const patternOf = (cron: string, timezone: string) =>
  new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
