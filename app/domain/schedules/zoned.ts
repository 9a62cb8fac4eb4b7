import { weekdayText } from '../zones/calendar'
import { dateText, localText, offsetText, timeText } from '../zones/clock'

/** Moments as the clocks of a schedule's time zone show them. Pure. */

/** One moment, and what the clocks of the schedule's zone show then. */
export interface ZonedTime {
  /** Milliseconds since 1970 UTC. */
  at: number
  /** `Tue 24 Nov 2026, 09:00` */
  local: string
  /** `UTC+1`: two clocks of one night show the same local time. */
  offset: string
}

export const zonedTime = (at: number, timeZone: string): ZonedTime => ({
  at,
  local: `${weekdayText(at, timeZone)} ${dateText(at, timeZone)}, ${timeText(at, timeZone)}`,
  offset: offsetText(at, timeZone),
})

/** `2026-11-24 09:00 (Europe/Berlin)`, for sentences that are kept. */
export const zonedText = (at: number, timeZone: string): string =>
  `${localText(at, timeZone).slice(0, 16).replace('T', ' ')} (${timeZone})`
