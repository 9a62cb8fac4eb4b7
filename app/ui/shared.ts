import { useSyncExternalStore } from 'react'

export interface Shared<T> {
  now(): T | null
  tell(next: T | null): void
  /** What was told last; null at first, and on the server. */
  use(): T | null
}

/** One value for all components of a page. */
export function shared<T>(): Shared<T> {
  let now: T | null = null
  const listeners = new Set<() => void>()
  const listen = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    now: () => now,
    tell(next) {
      now = next
      for (const each of listeners) each()
    },
    use: () =>
      useSyncExternalStore(
        listen,
        () => now,
        () => null,
      ),
  }
}
