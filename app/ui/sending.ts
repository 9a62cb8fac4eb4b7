import { type BlockerFunction, useBlocker, useLocation, useNavigation } from '@remix-run/react'
import { useEffect } from 'react'
import { shared } from './shared'

interface Sending {
  action: string
  form: FormData
}

/** A form that is on its way and that the router has not heard of yet. */
const sending = shared<Sending>()

export const tellSending = sending.tell

/** The form that is on its way, until its page is shown. */
function useSent(): { action?: string; form?: FormData } {
  const ahead = sending.use()
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
let isHanding = false
let isLeaving = false
const waiting = new Set<() => void>()

/** How often somebody has set out for another page by themselves: not with a form's answer, nor within a page. */
export const departuresNow = (): number => departures

/** Hands a form's answer on to the router: where it leads, nobody went by themselves. */
export function handOn(go: () => void) {
  isHanding = true
  go()
  isHanding = false
}

/** Whether another page was set out for, in whatever way, that is not drawn yet. */
export const isPageComing = (): boolean => isLeaving

/** Calls once it is. */
export function whenPageIsHere(call: () => void) {
  if (isLeaving) waiting.add(call)
  else call()
}

/**
 * Notes departures in the moment of each and arrivals when they are drawn, once for all pages. What the router says of
 * itself is drawn a while after it has begun.
 */
export function useDepartures() {
  const { key } = useLocation()
  const { state } = useNavigation()
  // it holds nobody back
  useBlocker(noteDeparture)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is a new page, however short its way was
  useEffect(() => {
    if (state !== 'idle') return
    isLeaving = false
    const calls = [...waiting]
    waiting.clear()
    for (const call of calls) call()
  }, [key, state])
}

const noteDeparture: BlockerFunction = ({ currentLocation, nextLocation }) => {
  const isElsewhere = currentLocation.pathname !== nextLocation.pathname
  // a list of other rows is another page to whoever is about to choose one
  if (isElsewhere || currentLocation.search !== nextLocation.search) isLeaving = true
  if (isElsewhere && !isHanding) departures++
  return false
}
