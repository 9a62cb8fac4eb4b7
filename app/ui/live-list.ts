import { useFetcher, useLocation } from '@remix-run/react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { defaultSort } from '~/domain/jobs/list-filter'
import { type ListPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { useCalmly } from './calm'
import type { ListedJob, ListedJobs } from './listed-job'
import { isSaid, useLiveRows } from './live'
import { useSteadyRows } from './steady-rows'

export interface LiveList {
  /** The rows that are looked at, as they are now: none comes, goes or changes its place by itself. */
  listed: ListedJobs
  /** How many rows the list's page has that are not shown. */
  fresh: number
  /** Whether these are all that the page has: there may be still more. */
  isWhole: boolean
  /** Whether they are new, and not older ones that moved here. */
  isNew: boolean
  /** What is around the rows: over it they are kept steady. */
  area: RefObject<HTMLDivElement>
  /** Shows the list's page as it is now. */
  show(): void
}

interface Shown {
  /** What the page was loaded with, and in which visit: with another of both the rows are laid out anew. */
  listed: ListedJobs
  key: string
  ids: string[]
  rows: ReadonlyMap<string, ListedJob>
  /** The reading that was looked at last. */
  read: ListedJobs
}

/**
 * A list that changes in place.
 *
 * @param listed what the page was loaded with, or read again by something else
 * @param openId the job that is open beside it, which is read again with the whole page
 */
export function useLiveList(scope: ListScope, at: ListPlace, listed: ListedJobs, openId?: string): LiveList {
  const fetcher = useFetcher<ListedJobs>()
  const { key } = useLocation()
  const { area, isSteady } = useSteadyRows()
  const [newest, setNewest] = useState({ base: listed, read: listed })
  const [shown, setShown] = useState<Shown>(() => laidOut(listed, key, listed))

  useEffect(() => setNewest({ base: listed, read: listed }), [listed])
  useEffect(() => {
    const read = fetcher.data
    // one that was asked for before another filter was chosen comes too late
    if (read) setNewest((before) => (before.read.of === read.of ? { ...before, read } : before))
  }, [fetcher.data])

  // while it renders, so that no row is seen at another one's place in between
  const current = nowShown(shown, listed, key, newest)
  if (current !== shown) setShown(current)

  const again = useCalmly(
    () => fetcher.load(paths.listHolding(scope, at, current.ids)),
    fetcher.state !== 'idle',
  )
  useLiveRows({
    scope,
    onRows: (rows) => rows.every((row) => row.jobId === openId || isSaid(row)) || again(),
    onStale: again,
  })

  const before = useRef(current.rows)
  useEffect(() => {
    if (!isSteady) before.current = current.rows
  })
  const rows = current.ids.flatMap((id) => {
    const row = current.rows.get(id) ?? []
    return isSteady && !Array.isArray(row) ? noTaller(row, before.current.get(id)) : row
  })
  const fresh = current.read.page.rows.filter(({ id }) => !current.rows.has(id)).length
  return {
    ...{ area, fresh },
    listed: { ...current.read, page: { ...current.read.page, rows } },
    isWhole: fresh > 0 && fresh === current.read.page.rows.length && current.read.page.nextCursor !== null,
    isNew: current.read.sort === defaultSort && !at.cursor,
    show() {
      flushSync(() => setShown(laidOut(listed, key, current.read)))
      // what was pressed is gone: the first of those that came has the focus in its place
      const rows = [...(area.current?.querySelectorAll<HTMLElement>('a[data-job]') ?? [])]
      const first = rows.find(({ dataset }) => !current.rows.has(dataset.job ?? '')) ?? rows[0]
      first?.focus()
    },
  }
}

const laidOut = (listed: ListedJobs, key: string, read: ListedJobs): Shown => ({
  ...{ listed, key, read },
  ids: read.page.rows.map(({ id }) => id),
  rows: new Map(read.page.rows.map((job) => [job.id, job])),
})

/** Another filter, order or page, a visit, and what somebody did here themselves lay the rows out anew; nothing else. */
function nowShown(
  shown: Shown,
  listed: ListedJobs,
  key: string,
  newest: { base: ListedJobs; read: ListedJobs },
): Shown {
  const isRead = shown.listed !== listed
  const isVisited = shown.key !== key
  if (shown.listed.of !== listed.of || (isRead && isVisited)) return laidOut(listed, key, listed)
  const same = isRead || isVisited ? { ...shown, listed, key } : shown
  return newest.base === listed && same.read !== newest.read ? changed(same, newest.read) : same
}

/** The same rows as they are by now. An empty list has nothing that could move. */
function changed(shown: Shown, read: ListedJobs): Shown {
  if (shown.ids.length === 0) return laidOut(shown.listed, shown.key, read)
  const known = new Map([...read.page.rows, ...(read.kept ?? [])].map((job) => [job.id, job]))
  // a reading that did not ask for these rows says nothing about them
  const left = read.kept ? shown.ids.filter((id) => known.has(id)) : shown.ids
  const rows = left.map((id) => [id, known.get(id) ?? shown.rows.get(id)] as [string, ListedJob])
  return { ...shown, read, ids: left, rows: new Map(rows) }
}

/** Without the lines that a row did not have before. */
function noTaller(row: ListedJob, before: ListedJob | undefined): ListedJob {
  if (!before) return row
  return {
    ...row,
    waitingFor: before.waitingFor && row.waitingFor,
    tags: before.tags.length > 0 ? row.tags : before.tags,
  }
}
