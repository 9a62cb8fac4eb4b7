import { lengthText } from '~/domain/length'
import { useNow } from './clock'
import { useSettings } from './settings'

const minute = 60_000
const day = 24 * 60 * minute
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12 Nov 2025`, as the clocks of a zone have it. */
export function dateText(at: number, zone = utc): string {
  const { day, month, year } = clockOf(at, zone)
  return `${day} ${months[month - 1]} ${year}`
}

/** `12 Nov 2025, 14:03:27 UTC`, or `12 Nov 2025, 15:03:27 UTC+1` in another zone. */
export function exactText(at: number, zone = utc): string {
  const { time, offset } = clockOf(at, zone)
  return `${dateText(at, zone)}, ${time} ${offset}`
}

const utc = 'UTC'
const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of a zone show, the same on the server and in the browser. */
function clockOf(at: number, zone: string) {
  if (zone === utc) {
    const date = new Date(at)
    const [day, month, year] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()]
    return { day, month, year, time: date.toISOString().slice(11, 19), offset: utc }
  }
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const [day, month, year] = [part('day'), part('month'), part('year')]
  const clock = [part('hour'), part('minute'), part('second')] as const
  return {
    ...{ day, month, year },
    time: clock.map((each) => String(each).padStart(2, '0')).join(':'),
    offset: offsetText(Date.UTC(year, month - 1, day, ...clock) - at),
  }
}

/** `UTC+5:30`. Counted here: Node and browsers name one offset in several ways (`GMT`, `GMT+0`, `CET`). */
function offsetText(ahead: number): string {
  const minutes = Math.round(Math.abs(ahead) / 60_000)
  if (minutes === 0) return utc
  const rest = minutes % 60
  return `${utc}${ahead < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** `just now`, `5 minutes ago`, `in 2 hours`; a date past a week. */
export function relativeText(at: number, now: number, zone = utc): string {
  const away = Math.abs(now - at)
  if (away < 10_000) return 'just now'
  if (away >= 7 * day) return dateText(at, zone)
  const length = away < minute ? `${Math.round(away / 1000)} seconds` : lengthText(away)
  return at > now ? `in ${length}` : `${length} ago`
}

/** `40 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min` */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

interface TimeProps {
  /** Milliseconds since 1970 UTC. */
  at: number
  exact?: boolean
  className?: string
}

/** When something was or will be: relative, with the exact time of the reader's zone in its title. */
export function Time({ at, exact = false, className }: TimeProps) {
  const now = useNow()
  const { timeZone } = useSettings()
  const told = exactText(at, timeZone)
  return (
    <time dateTime={new Date(at).toISOString()} title={told} className={className}>
      {exact ? told : relativeText(at, now, timeZone)}
    </time>
  )
}
