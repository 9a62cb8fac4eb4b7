import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Desk } from '~/domain/desk'
import { monotonicClock } from '~/domain/lease-clock'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { type HranaServer, startHranaServer } from './hrana-server'
import { isOnRealServer } from './on-real-server'
import { copyNamespace, databaseUrl } from './real-server'

export interface TestDesk {
  desk: Desk
  /** Where it is on one: its faults can be switched on. */
  server?: HranaServer
  /** Moves all clocks on by so many milliseconds; they stand still otherwise. */
  advance(ms: number): void
  /** Makes the wall clock jump, forward or back, by so many milliseconds; leases are measured by another clock. */
  jump(ms: number): void
  /** Makes the clock jump that leases are measured by: the one of the server. */
  jumpLeaseClock(ms: number): void
  close(): Promise<void>
}

/**
 * A desk on a real, migrated libSQL database in a folder of its own, with a clock that the test moves.
 *
 * @param on a file that this process owns, or the same file behind a server; with `npm run test:server` always a real one
 * @param clocks `real`: the machine's, where a test waits for what takes time
 * @param synchronous `OFF` does not wait for the disk at each commit, since a test does not cut the power; `FULL` does, as
 *   in production
 */
export async function testDesk(
  on: 'file' | 'server' = 'file',
  clocks: 'still' | 'real' = 'still',
  synchronous: 'OFF' | 'FULL' = 'OFF',
): Promise<TestDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-desk-'))
  const file = join(folder, 'docket.db')
  template ??= migratedDatabase()
  if (isOnRealServer) await copyNamespace(await template, file)
  else copyFileSync(await template, file)
  let now = Date.UTC(2026, 0, 1)
  let leaseNow = now
  const serverNow = clocks === 'still' ? () => leaseNow : undefined
  const isServer = on === 'server' || isOnRealServer
  const server = isServer ? await startHranaServer({ file, synchronous, now: serverNow }) : undefined
  const db = await openDatabase({ url: server?.url ?? `file:${file}` })
  if (!server) await db.client.execute(`PRAGMA synchronous = ${synchronous}`)
  const still = clocks === 'still'
  const desk: Desk = {
    db,
    now: still ? () => now : Date.now,
    ...(still && !isServer && { leaseClock: monotonicClock(() => leaseNow) }),
    secret: 'a secret that only tests know, long enough',
  }
  return {
    desk,
    server,
    advance(ms) {
      now += ms
      leaseNow += ms
    },
    jump(ms) {
      now += ms
    },
    jumpLeaseClock(ms) {
      leaseNow += ms
    },
    async close() {
      db.close()
      await server?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Migrated once for all desks of a test file: the migrations take ten times as long as a copy. */
let template: Promise<string> | undefined

/** @returns the path of an empty, migrated database that nobody has open; it is removed when the process ends */
async function migratedDatabase(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'docket.db')
  const db = await openDatabase({ url: await databaseUrl(file) })
  await migrate(db)
  await db.release()
  db.close()
  return file
}
