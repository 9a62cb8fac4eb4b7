import { useLocation, useNavigation } from '@remix-run/react'
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

/** Where the router is: also for a form whose page has lost it by the time its answer comes. */
export const routerNow = { key: '', state: 'idle' }

/** Keeps it true, wherever something is always there. */
export function useRouterNow() {
  const { key } = useLocation()
  const { state } = useNavigation()
  useLayoutEffect(() => {
    Object.assign(routerNow, { key, state })
  }, [key, state])
}
