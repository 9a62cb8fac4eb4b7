import { useBlocker, useLocation, useNavigation } from '@remix-run/react'
import { useLayoutEffect, useSyncExternalStore } from 'react'

/** Where a form is on its way to that the router has not heard of yet. */
let sending: string | null = null
const listeners = new Set<() => void>()

export function tellSending(action: string | null) {
  if (action === sending) return
  sending = action
  for (const each of listeners) each()
}

function listen(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where a form is on its way to, until its page is shown; null where none is. */
export function useSending(): string | null {
  const ahead = useSyncExternalStore(
    listen,
    () => sending,
    () => null,
  )
  const { formAction, formMethod } = useNavigation()
  return formMethod === 'POST' && formAction ? formAction : ahead
}

/**
 * Where somebody is, and how often they have set out for somewhere: also for a form whose page has lost it by the time
 * its answer comes.
 */
export const whereabouts = { key: '', departures: 0 }

/** Keeps it true, once for all pages. What the router says of itself comes a moment late: it draws when it has time. */
export function useWhereabouts() {
  const { key } = useLocation()
  useLayoutEffect(() => {
    whereabouts.key = key
  }, [key])
  // asked in the moment of each departure; it holds nobody back
  useBlocker(noteDeparture)
}

function noteDeparture() {
  whereabouts.departures++
  return false
}
