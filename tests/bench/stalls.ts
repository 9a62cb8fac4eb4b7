import type { TestServer } from '../support/server'

/** What a server's event loop was held by. */
export interface Stall {
  /** The longest time that nothing else could run, in milliseconds. */
  ms: number
  /** The statement that took longest meanwhile. */
  slowest: { ms: number; sql: string }
}

/** For `NODE_OPTIONS` of a server whose stalls are asked for. */
export const watchStalls = '--import=./tests/bench/watch-stalls.mjs'

/** The longest stall since it was last asked for, or since the start. */
export async function longestStall(server: TestServer): Promise<Stall> {
  const before = server.output().length
  process.kill(server.pid, 'SIGUSR2')
  const [, stall = ''] = await server.outputMatching(new RegExp(`(?<=[^]{${before}})^stall (.*)$`, 'm'))
  return JSON.parse(stall) as Stall
}

/** `12 ms`, and the statement where it was most of it. */
export function stallText({ ms, slowest }: Stall): string {
  const sql = slowest.ms > ms / 2 ? `, by ${slowest.sql.replace(/\s+/g, ' ').slice(0, 80)}` : ''
  return `${Math.round(ms)} ms${sql}`
}
