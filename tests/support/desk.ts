import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Desk } from '~/domain/desk'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { startHranaServer } from './hrana-server'

export interface TestDesk {
  desk: Desk
  /** Moves the clock on by so many milliseconds; it stands still otherwise. */
  advance(ms: number): void
  close(): Promise<void>
}

/**
 * A desk on a real, migrated libSQL database in a folder of its own, with a clock that the test moves.
 *
 * @param on a file that this process owns, or the same file behind a server
 */
export async function testDesk(on: 'file' | 'server' = 'file'): Promise<TestDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-desk-'))
  const file = join(folder, 'docket.db')
  const server = on === 'server' ? await startHranaServer({ file }) : undefined
  const db = await openDatabase({ url: server?.url ?? `file:${file}` })
  await migrate(db)
  let now = Date.UTC(2026, 0, 1)
  return {
    desk: { db, now: () => now, secret: 'a secret that only tests know, long enough' },
    advance(ms) {
      now += ms
    },
    async close() {
      db.close()
      await server?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
