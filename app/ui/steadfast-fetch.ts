import { takeAnswer } from './send-ahead'

/** What a page's data is asked of while a server restarts, or the proxy before it. */
const passing = [502, 503, 504]
const waitMs = { first: 300, most: 3_000 }

/** Single fetch's addresses, and the one that tells the browser of pages it does not know yet. */
const ofPages = /\.data$|^\/__manifest$/

/**
 * `fetch`, but a reading of a page's data waits out a broken line or a restart instead of failing: Remix would put an
 * error page in the place of what somebody reads or types. Forms were sent ahead: their answers are there.
 */
export function steadfast(fetch: typeof window.fetch): typeof window.fetch {
  return async (input, init) => {
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    const url = new URL(input instanceof Request ? input.url : input, window.location.href)
    if (method.toUpperCase() !== 'GET') return takeAnswer(url) ?? fetch(input, init)
    if (!ofPages.test(url.pathname)) return fetch(input, init)
    for (let wait = waitMs.first; ; wait = Math.min(wait * 2, waitMs.most)) {
      try {
        const answer = await fetch(input, init)
        if (!passing.includes(answer.status)) return answer
      } catch (error) {
        // only what never came back is asked again: an abort was meant
        if (!(error instanceof TypeError)) throw error
      }
      await pause(wait, init?.signal ?? undefined)
    }
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new DOMException('The reading was given up.', 'AbortError'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
