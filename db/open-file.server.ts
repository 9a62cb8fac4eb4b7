import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, createClient } from '@libsql/client'
import { claimFile, inUse, notDocket, ownedBy } from './claim-file.server'
import { CannotStart, errorCodes, readError } from './errors'
import { assertNotLost } from './lost-file.server'

export interface OpenFileOptions {
  /** How long to wait for another owner of the file to leave, in milliseconds. */
  ownerWaitMs?: number
  /** Make a new file even if the folder holds traces of a lost one. */
  makeNew?: boolean
  /** Told once, with a sentence, when it begins to wait. */
  onWait?(sentence: string): void
}

/**
 * Opens a database file, or makes one, for this process alone.
 *
 * @throws {CannotStart} with a sentence, where it is owned by another process or can't be opened
 */
export async function openFile(path: string, options: OpenFileOptions): Promise<Client> {
  if (!options.makeNew) assertNotLost(path)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // it holds what agents were given: nobody else on the machine need read it (SQLite's other files take its mode)
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 })
  } catch (error) {
    throw new CannotStart(
      `The database ${path} can't be opened (${errorCodes(error)[0] ?? 'unknown error'}).`,
    )
  }
  const { ownerWaitMs = 10_000 } = options
  const deadline = performance.now() + ownerWaitMs
  let told = false
  for (;;) {
    let client: Client | undefined
    try {
      client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 100, intMode: 'number' })
      await claimFile(client, path)
      await client.execute('PRAGMA busy_timeout = 5000')
      writeFileSync(`${path}.owner`, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
      return client
    } catch (error) {
      client?.close()
      if (error instanceof CannotStart) throw error
      const { kind, code } = readError(error)
      if (kind === 'not-a-database') throw new CannotStart(notDocket(path))
      if (kind !== 'busy') {
        throw new CannotStart(`The database ${path} can't be opened (${code ?? 'unknown error'}).`)
      }
      if (performance.now() > deadline) throw new CannotStart(ownedBy(path))
      if (!told) options.onWait?.(`${inUse(path)} Waiting up to ${ownerWaitMs / 1000} s for it to stop.`)
      told = true
      await wait(100)
    }
  }
}
