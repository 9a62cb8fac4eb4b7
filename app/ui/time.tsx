import { lengthText } from '~/domain/length'
import { dateText, exactText } from '~/domain/zones/clock'
import { useNow } from './clock'
import { useSettings } from './settings'

export { dateText, exactText }

const minute = 60_000
const day = 24 * 60 * minute

/** `just now`, `5 minutes ago`, `in 2 hours`; a date past a week. */
export function relativeText(at: number, now: number, zone?: string): string {
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
