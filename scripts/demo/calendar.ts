import type { Random } from './random'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** How busy each hour of a working day is (UTC), against the busiest. */
const busy = [
  0, 0, 0, 0, 0, 0.05, 0.15, 0.4, 0.8, 1, 1, 0.85, 0.4, 0.75, 0.95, 0.9, 0.7, 0.4, 0.2, 0.1, 0.08, 0.05, 0.03,
  0,
]
const weekend = 0.12

const busyness = (at: number) => {
  const when = new Date(at)
  const quiet = when.getUTCDay() === 0 || when.getUTCDay() === 6
  return (busy[when.getUTCHours()] ?? 0) * (quiet ? weekend : 1)
}

/** A time between the two at which people hand jobs in: mostly on workdays, mid-morning and mid-afternoon. */
export function officeTime(random: Random, from: number, to: number): number {
  for (let tries = 0; tries < 1000; tries++) {
    const at = Math.floor(from + random.next() * (to - from))
    if (random.next() < busyness(at)) return at
  }
  return to
}

/** When somebody gets round to it: after a while, and not at night. */
export function laterAtWork(random: Random, now: number, least: number, most: number): number {
  // mostly soon, sometimes late
  const at = now + least + Math.floor(random.next() ** 2 * (most - least))
  if (busyness(at) >= 0.2) return at
  const morning = Math.ceil(at / hour) * hour
  for (let hours = 0; hours < 96; hours++) {
    const candidate = morning + hours * hour
    if (busyness(candidate) >= 0.4) return candidate + random.int(0, 90 * minute)
  }
  return at
}

/** 08:00 UTC on the next Monday. */
export function nextMonday(now: number): number {
  const midnight = Math.floor(now / day) * day
  const days = (8 - new Date(now).getUTCDay()) % 7 || 7
  return midnight + days * day + 8 * hour
}
