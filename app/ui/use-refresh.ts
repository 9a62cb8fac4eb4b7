import { useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import { useReadAgain } from './live'

/** Reads the page's data again every so many milliseconds while somebody looks at it; null: not at all. */
export function useRefresh(everyMs: number | null) {
  const { state } = useRevalidator()
  const readAgain = useReadAgain()

  useEffect(() => {
    if (everyMs === null || state !== 'idle') return
    const whenSeen = () => {
      if (document.visibilityState === 'visible') readAgain()
    }
    const timer = setTimeout(whenSeen, everyMs)
    document.addEventListener('visibilitychange', whenSeen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', whenSeen)
    }
  }, [everyMs, state, readAgain])
}
