import { patience } from './on-real-server'

/**
 * Waits for what happens when it happens: asks again every few milliseconds until the answer is neither undefined nor
 * false. @throws after `withinMs`, longer on a real server, with the last answer
 */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs * patience
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs * patience} ms: ${ask.toString()}`)
    await new Promise((next) => setTimeout(next, 5))
  }
}
