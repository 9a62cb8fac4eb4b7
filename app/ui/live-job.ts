import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { FieldErrors } from '~/domain/errors'
import { olderThan } from '~/domain/jobs/log-cursor'
import { fitsLogFilter, isFiltered, type LogFilter } from '~/domain/jobs/log-filter'
import { isOpen } from '~/domain/jobs/status'
import type { JobView, LogPage } from '~/domain/jobs/view'
import { useJobPlace } from './job-place'
import { useLivePage, useLiveRows, useLiveState, useReadAgain } from './live'
import type { LiveEntry } from './live-source'
import { appended, joined, type LogRow, together } from './log-rows'

export type { LogRow } from './log-rows'

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
  /** What was heard of the progress of the attempt that runs, whatever the log shows: its beginning, and its newest line. */
  progress: LogRow[]
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
/** While somebody reads further up nothing is taken away from there: from so many on the rest is held back instead. */
const mostRead = 2_000
/** Lines come in bursts, and are drawn together, in milliseconds. */
const burst = 50

interface Kept {
  /** What part of the log it is. */
  of: string
  /** The reading that is in it. */
  read: LogRow[]
  rows: LogRow[]
  /** What is shown while the newer rows are held back. */
  frozen: LogRow[] | null
}

/**
 * A job's page that follows what happens to the job: lines are appended as they come, for all else it is read again. Another
 * job needs another component (a key).
 */
export function useLiveJob(job: Pick<JobView<unknown>, 'id' | 'status'>, log: ShownLog): LiveJob {
  const { scope } = useJobPlace()
  const readAgain = useReadAgain()
  const isTail = log.nextCursor === null
  const isNarrowed = isFiltered(log.filter)
  const isFollowed = useLiveState() !== 'idle' && isTail && isOpen(job.status)
  const [kept, setKept] = useState<Kept>(() => ({
    of: partOf(log),
    read: log.rows,
    rows: log.rows,
    frozen: null,
  }))
  const [progress, setProgress] = useState<LogRow[]>([])
  const current = withReading(kept, log)
  if (current !== kept) setKept(current)
  const { rows, frozen } = current
  const { end, isAtEnd } = useEndInView((frozen ?? rows).at(-1)?.number)

  const latest = useRef(current)
  useLayoutEffect(() => {
    latest.current = current
  })

  const hear = (heard: LogRow[]) => {
    setProgress((before) => heard.reduce(ofProgress, before))
    if (!isTail) return
    const fits = heard.filter((row) => fitsLogFilter(log.filter, row))
    const next = grown(latest.current, fits, { isNarrowed, isAtEnd: isAtEnd() })
    if (next === null) return readAgain()
    latest.current = next
    setKept(next)
  }
  const take = useBursts(hear)
  useLivePage({ scope, job: job.id })
  useLiveRows({ ...{ scope, job: job.id }, onRows: take, onStale: () => undefined })

  const shown = frozen ?? rows
  const first = shown[0]
  return {
    ...{ progress, isFollowed, end },
    isPaused: frozen !== null,
    held: frozen === null ? 0 : heldBack(frozen, rows, isNarrowed),
    setPaused(paused) {
      setKept((before) => ({ ...before, frozen: paused ? before.rows : null }))
      // who wants to follow again wants to be where it goes on
      if (!paused) requestAnimationFrame(() => end.current?.scrollIntoView({ block: 'nearest' }))
    },
    log: {
      ...log,
      rows: shown,
      prevCursor:
        first && isTail && first.number !== log.rows[0]?.number ? cursorBehind(first.number) : log.prevCursor,
    },
  }
}

const partOf = ({ filter: { kind, agent, attempt }, nextCursor }: ShownLog) =>
  `${kind} ${agent} ${attempt} ${nextCursor}`

/** With the newest reading in it, where it is another one. */
function withReading(kept: Kept, log: ShownLog): Kept {
  const of = partOf(log)
  if (kept.read === log.rows && kept.of === of) return kept
  const isSame = kept.of === of && log.nextCursor === null
  const put = isFiltered(log.filter) ? together : joined
  const rows = isSame && log.rows.length > 0 ? put(kept.rows, log.rows).slice(-mostRead) : log.rows
  return { of, read: log.rows, rows, frozen: kept.of === of ? kept.frozen : null }
}

/** With rows that were heard after it; null where one between is missing. */
function grown(
  kept: Kept,
  heard: LogRow[],
  { isNarrowed, isAtEnd }: { isNarrowed: boolean; isAtEnd: boolean },
): Kept | null {
  const rows = appended(kept.rows, heard, isNarrowed)
  if (rows === null) return null
  const isTooLong = rows.length > (isAtEnd ? mostRows : mostRead)
  if (!isTooLong) return { ...kept, rows }
  // what is being read stays where it is; the rest waits until somebody wants to follow again
  return { ...kept, rows: rows.slice(-mostRows), frozen: kept.frozen ?? (isAtEnd ? null : kept.rows) }
}

const cursorBehind = (number: number) => (number > 1 ? olderThan(number) : null)

function heldBack(frozen: LogRow[], rows: LogRow[], isNarrowed: boolean): number {
  const last = frozen.at(-1)?.number ?? 0
  if (isNarrowed) return rows.filter(({ number }) => number > last).length
  return Math.max(0, (rows.at(-1)?.number ?? 0) - last)
}

/** An attempt's beginning, and what was said last of how far it is. */
function ofProgress(before: LogRow[], row: LogRow): LogRow[] {
  if (row.kind === 'claim') return [row]
  return row.kind === 'progress' ? [...before.filter(({ kind }) => kind === 'claim'), row] : before
}

/** Hands on together what comes in the same moment. */
function useBursts(hear: (rows: LogRow[]) => void): (rows: LiveEntry[]) => void {
  const waiting = useRef<LogRow[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const now = useRef(hear)
  useEffect(() => {
    now.current = hear
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  return (rows) => {
    waiting.current.push(...rows)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      now.current(waiting.current.splice(0))
    }, burst)
  }
}

/** Keeps the end of something that grows in view, for as long as somebody leaves it there. */
function useEndInView(last: number | undefined): { end: RefObject<HTMLDivElement>; isAtEnd: () => boolean } {
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

  return { end, isAtEnd: () => isSeen.current }
}
