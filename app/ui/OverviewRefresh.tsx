import { Link, useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import { paths } from '~/paths'
import { RefreshCw } from './icons'
import { exactText } from './time'

const every = 10_000

/** When the overview was read. It is read again while it is looked at; without JavaScript by its link. */
export function OverviewRefresh({ at }: { at: number }) {
  const { revalidate, state } = useRevalidator()

  useEffect(() => {
    if (state !== 'idle') return
    const whenSeen = () => {
      if (document.visibilityState === 'visible') revalidate()
    }
    const timer = setTimeout(whenSeen, every)
    document.addEventListener('visibilitychange', whenSeen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', whenSeen)
    }
  }, [state, revalidate])

  return (
    <p className="flex flex-wrap items-center gap-x-3 text-xs text-ink-2 tabular-nums">
      As of {exactText(at)}
      <noscript>
        <Link to={paths.overview} className="inline-flex items-center gap-1 text-accent underline">
          <RefreshCw aria-hidden className="size-3.5" />
          Refresh
        </Link>
      </noscript>
    </p>
  )
}
