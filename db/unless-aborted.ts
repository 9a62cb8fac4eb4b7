import { DatabaseUnavailable } from './errors'

/** @throws {DatabaseUnavailable} when the signal comes first; the promise then settles unheard */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DatabaseUnavailable())
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
