/** Moments as the clocks of a time zone show them. Pure. */

/** One moment, and what the clocks of the schedule's zone show then. */
export interface ZonedTime {
  /** Milliseconds since 1970 UTC. */
  at: number
  /** `Tue 24 Nov 2026, 09:00` */
  local: string
  /** `UTC+1`: two clocks of one night show the same local time. */
  offset: string
}

export function zonedTime(at: number, timeZone: string): ZonedTime {
  const { weekday, day, month, year, hour, minute, offset } = partsOf(at, timeZone)
  const local = `${weekday} ${Number(day)} ${months[Number(month) - 1]} ${year}, ${hour}:${minute}`
  return { at, local, offset: offset.replace('GMT', 'UTC') }
}

/** `2026-11-24 09:00 (Europe/Berlin)`, for sentences that are kept. */
export function zonedText(at: number, timeZone: string): string {
  const { day, month, year, hour, minute } = partsOf(at, timeZone)
  return `${year}-${month}-${day} ${hour}:${minute} (${timeZone})`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function partsOf(at: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'shortOffset' },
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  return {
    ...{ weekday: part('weekday'), day: part('day'), month: part('month'), year: part('year') },
    ...{ hour: part('hour'), minute: part('minute'), offset: part('timeZoneName') },
  }
}
