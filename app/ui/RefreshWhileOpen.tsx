import { Link, useLocation } from '@remix-run/react'
import { isOpen } from '~/domain/jobs/status'
import type { JobStatus } from '~db/vocabulary'
import { RefreshCw } from './icons'
import { useLiveState } from './live'
import { useRefresh } from './use-refresh'

/** Why it waits, and how long it runs, changes with the time and with other jobs, and no row of its log says so. */
const everyMs = { live: 15_000, running: 5_000, else: 3_000 }
/** Nobody types into these pages, so that reloading them whole takes nothing away. */
const moving: readonly JobStatus[] = ['PENDING', 'ASSIGNED', 'IN_PROGRESS']

/** Keeps an open job's page fresh where nothing is heard of it: by reading it again, or without JavaScript by reloading it. */
export function RefreshWhileOpen({ status, paused = false }: { status: JobStatus; paused?: boolean }) {
  const { pathname, search } = useLocation()
  const open = isOpen(status)
  const isLive = useLiveState() === 'live'

  const whileLive = status === 'IN_PROGRESS' ? everyMs.running : everyMs.live
  useRefresh(open ? (isLive ? whileLive : everyMs.else) : null)

  if (!open) return null
  return (
    <noscript>
      {!paused && moving.includes(status) && <meta httpEquiv="refresh" content="4" />}
      <Link to={pathname + search} className="inline-flex items-center gap-1 text-xs text-accent underline">
        <RefreshCw aria-hidden className="size-3.5" />
        Refresh
      </Link>
    </noscript>
  )
}
