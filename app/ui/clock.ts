import { createContext, useContext, useSyncExternalStore } from 'react'

/** The server's time of this answer, milliseconds UTC: what both sides count from until the page is alive. */
export const ServerNow = createContext(0)

const every = 10_000
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const readers = new Set<() => void>()

function subscribe(reader: () => void) {
  readers.add(reader)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of readers) each()
  }, every)
  return () => {
    readers.delete(reader)
    if (readers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time now, ticking every 10 s in the browser. Hydration sees the server's, so that the texts agree. */
export function useNow(): number {
  const served = useContext(ServerNow)
  const ticking = useSyncExternalStore(
    subscribe,
    () => now,
    () => 0,
  )
  return Math.max(ticking, served)
}
