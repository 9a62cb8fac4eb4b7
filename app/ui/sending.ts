import { useBlocker, useNavigation } from '@remix-run/react'
import { useSyncExternalStore } from 'react'

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

let departures = 0

/** How often somebody has set out for another page, or sent something. */
export const departuresNow = (): number => departures

/** Counts them, once for all pages, in the moment of each: what the router says of itself is drawn a while later. */
export function useDepartures() {
  // it holds nobody back
  useBlocker(noteDeparture)
}

function noteDeparture() {
  departures++
  return false
}
