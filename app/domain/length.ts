const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `3 days`, `2 hours`, `40 minutes`: to the nearest, of the largest unit that it fills. */
export function lengthText(ms: number): string {
  if (ms < minute) return 'less than a minute'
  if (ms < hour) return count(ms / minute, 'minute')
  return ms < day ? count(ms / hour, 'hour') : count(ms / day, 'day')
}

function count(exact: number, unit: string): string {
  const amount = Math.round(exact)
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
