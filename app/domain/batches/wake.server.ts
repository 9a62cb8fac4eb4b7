import { AsyncResource } from 'node:async_hooks'
import type { Desk } from '../desk'

/** Who waits for batches of a database in this process. Other processes look by themselves. */
const waiting = new WeakMap<Desk['db'], Set<() => void>>()

/** What a listener does is no part of the request that confirmed. */
const noRequest = new AsyncResource('onConfirmed')

/** Calls `listener` after a batch was confirmed. @returns what takes it back */
export function onConfirmed({ db }: Desk, listener: () => void): () => void {
  const listeners = waiting.get(db) ?? new Set()
  waiting.set(db, listeners.add(listener))
  return () => void listeners.delete(listener)
}

export function tellConfirmed({ db }: Desk): void {
  for (const listener of waiting.get(db) ?? []) noRequest.runInAsyncScope(listener)
}
