import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { FieldErrors } from '~/domain/errors'
import { olderThan } from '~/domain/jobs/log-cursor'
import { fitsLogFilter, isFiltered, type LogFilter } from '~/domain/jobs/log-filter'
import { isOpen } from '~/domain/jobs/status'
import type { JobView, LogPage, LogView } from '~/domain/jobs/view'
import type { Excerpt } from './excerpt'
import { useJobPlace } from './job-place'
import { useLivePage, useLiveRows, useLiveState } from './live'

export type LogRow = LogView<Excerpt>

/** A page of a job's log, oldest first; `prevCursor` leads to what came before, `nextCursor` to what came after. */
export interface ShownLog extends LogPage<LogRow> {
  /** What it is narrowed to. */
  filter: LogFilter
  /** What its address asks that means nothing. */
  errors: FieldErrors
  /** The number of the newest row that says what went wrong. */
  newestError: number | null
}

export interface LiveJob {
  log: ShownLog
  /** Whether new rows appear at its end. */
  isFollowed: boolean
  /** Whether they are held back. */
  isPaused: boolean
  /** How many are. */
  held: number
  setPaused(paused: boolean): void
  /** The log's end: it stays in view where it is in view. */
  end: RefObject<HTMLDivElement>
}

/** So many rows a page has at the most: what came before is a link away. */
const mostRows = 500

/**
 * A job's page that follows what happens to the job: lines are appended as they come, for all else it is read again. Another
 * job needs another component (a key).
 */
export function useLiveJob(job: Pick<JobView<unknown>, 'id' | 'status'>, log: ShownLog): LiveJob {
  const { scope } = useJobPlace()
  const isTail = log.nextCursor === null
  const isFollowed = useLiveState() !== 'idle' && isTail && isOpen(job.status)
  const [heard, setHeard] = useState<LogRow[]>([])
  const [pausedAt, setPausedAt] = useState<number | null>(null)
  const known = useRef<{ asked: string; rows: LogRow[] }>({ asked: '', rows: [] })

  useLivePage({ scope, job: job.id })
  useLiveRows({
    ...{ scope, job: job.id },
    onRows: (rows) => setHeard((before) => [...before, ...rows].slice(-mostRows)),
    onStale: () => setHeard([]),
  })

  const { kind, agent, attempt } = log.filter
  const asked = `${kind} ${agent} ${attempt}`
  const before = known.current.asked === asked ? known.current.rows : []
  const fits = heard.filter((row) => fitsLogFilter(log.filter, row))
  const rows = !isTail
    ? log.rows
    : (isFiltered(log.filter) ? together : joined)(before, log.rows, fits).slice(-mostRows)
  useEffect(() => {
    known.current = { asked, rows: isTail ? rows : [] }
  })

  const shown = pausedAt === null ? rows : rows.filter(({ number }) => number <= pausedAt)
  const first = shown[0]
  return {
    isFollowed,
    isPaused: pausedAt !== null,
    held: rows.length - shown.length,
    setPaused: (paused) => setPausedAt(paused ? (rows.at(-1)?.number ?? 0) : null),
    end: useEndInView(shown.at(-1)?.number),
    log: {
      ...log,
      rows: shown,
      prevCursor:
        first && isTail && rows.length > log.rows.length ? cursorBehind(first.number) : log.prevCursor,
    },
  }
}

const cursorBehind = (number: number) => (number > 1 ? olderThan(number) : null)

/**
 * What was shown before, what was read and what was heard, as one log without a gap: what comes before a gap is left
 * out. What was read counts most.
 */
export function joined(before: LogRow[], read: LogRow[], heard: LogRow[]): LogRow[] {
  const byNumber = new Map([...before, ...heard, ...read].map((row) => [row.number, row]))
  const last = read.at(-1)
  if (!last) return []
  const rows: LogRow[] = []
  for (let number = last.number; byNumber.has(number); number--) rows.push(byNumber.get(number) as LogRow)
  rows.reverse()
  for (let number = last.number + 1; byNumber.has(number); number++) rows.push(byNumber.get(number) as LogRow)
  return rows
}

/** The same of a log that is narrowed: its numbers have gaps. Of what was shown before, only what follows on. */
export function together(before: LogRow[], read: LogRow[], heard: LogRow[]): LogRow[] {
  const from = read[0]?.number ?? 0
  const overlaps = before.some(({ number }) => number === from)
  const byNumber = new Map([...(overlaps ? before : []), ...heard, ...read].map((row) => [row.number, row]))
  return [...byNumber.values()]
    .filter(({ number }) => overlaps || number >= from)
    .sort((a, b) => a.number - b.number)
}

/** Keeps the end of something that grows in view, for as long as somebody leaves it there. */
function useEndInView(last: number | undefined): RefObject<HTMLDivElement> {
  const end = useRef<HTMLDivElement>(null)
  const isSeen = useRef(false)

  useEffect(() => {
    if (!end.current) return
    const watcher = new IntersectionObserver(([entry]) => {
      isSeen.current = entry?.isIntersecting === true
    })
    watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: when there is another last row
  useLayoutEffect(() => {
    // before the first look of the watcher nobody has scrolled: the page stays where it begins
    if (isSeen.current) end.current?.scrollIntoView({ block: 'nearest' })
  }, [last])

  return end
}
