/** @about-file only a file is checked after a crash */
import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { checkAfterCrash, checkInBackground } from '~db/crash-check.server'
import { CannotStart } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { letGo } from '../support/let-go'

let folder: string
let path: string

/** A database that its owner let go of. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docket-crash-'))
  path = join(folder, 'docket.db')
  const db = await openDatabase({ url: `file:${path}` })
  await migrate(db)
  await db.release()
  letGo(db)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const leaveOpen = () => writeFileSync(`${path}.owner`, '{}')

/** Overwrites pages in the middle, as a bad disk would. */
function damage() {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(65_536, 0xab), 0, 65_536, Math.floor(statSync(path).size / 8192) * 4096)
}

test('after a clean stop nothing is read', async () => {
  damage()
  expect(await checkAfterCrash(path)).toBe('done')
  expect(await checkAfterCrash(join(folder, 'none.db'))).toBe('done')
})

test('after an unclean stop a whole database is started, and a damaged one is not', async () => {
  leaveOpen()
  expect(await checkAfterCrash(path)).toBe('done')
  damage()
  const refused = await checkAfterCrash(path).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CannotStart)
  expect((refused as Error).message).toMatch(
    /^The database .*docket\.db can't be used\. This file is damaged.*admin -- check.*admin -- restore FILE$/s,
  )
})

test('one that another process owns is left to it', async () => {
  const db = await openDatabase({ url: `file:${path}` })
  expect(await checkAfterCrash(path)).toBe('done')
  letGo(db)
})

test('a check that takes too long is ended, and done in the background', async () => {
  leaveOpen()
  expect(await checkAfterCrash(path, 1)).toBe('unfinished')
  const db = await openDatabase({ url: `file:${path}` })
  expect(await checkInBackground(db)).toEqual({ problem: null })
  expect(readdirSync(folder).filter((name) => name.includes('checking'))).toEqual([])
  expect(await db.probe()).toBe(true)
  db.reportDamage('This file is damaged.')
  expect(await db.probe()).toBe(false)
  letGo(db)
  expect(existsSync(path)).toBe(true)
})
