import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'

/** The server's time of this answer, milliseconds UTC: what both sides count from until the page is alive. */
export const ServerNow = createContext(0)

const every = 10_000
let now = 0
/** What the server's clock is ahead of the browser's, in milliseconds: all times are the server's. */
let ahead = 0
let timer: ReturnType<typeof setInterval> | undefined
const readers = new Set<() => void>()

function tick() {
  now = Date.now() + ahead
  for (const each of readers) each()
}

/** Sets the clock by the time of an answer, which has only just come. */
export function useServerClock(served: number) {
  useEffect(() => {
    // an error's page comes without it
    if (served === 0) return
    ahead = served - Date.now()
    tick()
  }, [served])
}

function subscribe(reader: () => void) {
  readers.add(reader)
  now = Date.now() + ahead
  timer ??= setInterval(tick, every)
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
  return ticking || served
}
