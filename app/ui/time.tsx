import { lengthText } from '~/domain/length'
import { useNow } from './clock'

const minute = 60_000
const day = 24 * 60 * minute
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12 Nov 2025` in UTC. */
export function dateText(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** `12 Nov 2025, 14:03:27 UTC` */
export const exactText = (at: number) => `${dateText(at)}, ${new Date(at).toISOString().slice(11, 19)} UTC`

/** `just now`, `5 minutes ago`, `in 2 hours`; a date past a week. */
export function relativeText(at: number, now: number): string {
  const away = Math.abs(now - at)
  if (away < 10_000) return 'just now'
  if (away >= 7 * day) return dateText(at)
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

/** When something was or will be: relative, with the exact time in its title. */
export function Time({ at, exact = false, className }: TimeProps) {
  const now = useNow()
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={iso} className={className}>
      {exact ? exactText(at) : relativeText(at, now)}
    </time>
  )
}
