import { Link } from '@remix-run/react'
import { paths } from '~/paths'
import { RefreshCw } from './icons'
import { useLivePage } from './live'
import { Time } from './time'
import { useRefresh } from './use-refresh'

/** Where nothing is heard, and for what the time alone changes. */
const every = 10_000
/** It is about everything at once, and so read less often than a list. */
const calmMs = 2_000

/** When the overview was read. It is read again while it is looked at; without JavaScript by its link. */
export function OverviewRefresh({ at }: { at: number }) {
  useRefresh(every)
  useLivePage({ scope: 'all', everyMs: calmMs })

  return (
    <p className="flex flex-wrap items-center gap-x-3 text-xs text-ink-2 tabular-nums">
      <span>
        As of <Time at={at} exact />
      </span>
      <noscript>
        <Link to={paths.overview} className="inline-flex items-center gap-1 text-accent underline">
          <RefreshCw aria-hidden className="size-3.5" />
          Refresh
        </Link>
      </noscript>
    </p>
  )
}
