import { useBlocker, useNavigation } from '@remix-run/react'
import { useSyncExternalStore } from 'react'

interface Sending {
  action: string
  form: FormData
}

/** A form that is on its way and that the router has not heard of yet. */
let sending: Sending | null = null
const listeners = new Set<() => void>()

export function tellSending(now: Sending | null) {
  if (now === sending) return
  sending = now
  for (const each of listeners) each()
}

function listen(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The form that is on its way, until its page is shown. */
function useSent(): { action?: string; form?: FormData } {
  const ahead = useSyncExternalStore(
    listen,
    () => sending,
    () => null,
  )
  const { formAction, formMethod, formData } = useNavigation()
  return formMethod === 'POST' ? { action: formAction, form: formData } : (ahead ?? {})
}

/** Where a form is on its way to, until its page is shown; null where none is. */
export const useSending = (): string | null => useSent().action ?? null

const pathOf = (address = '') => address.split('?')[0]

/** What is sent to an address, wherever its page was come to from, until the next one is shown; null where nothing is. */
export function useSentTo(address: string): FormData | null {
  const { action, form } = useSent()
  return (pathOf(action) === pathOf(address) && form) || null
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
