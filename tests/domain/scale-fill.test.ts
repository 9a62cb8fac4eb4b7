/** @about-file it fills a file */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Database, openDatabase } from '~db/client.server'
import { fill } from '../bench/scale-fill'
import { testDesk } from '../support/desk'
import { violations } from '../support/invariants'

const schemaOf = (db: Database) => db.all('SELECT type, name, sql FROM sqlite_master ORDER BY name')

test('what bench:scale fills in keeps the contract, in the very schema of the migrations', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docket-fill-'))
  const file = join(folder, 'docket.db')
  const stage = await testDesk()
  try {
    await fill(file, 1000)
    const db = await openDatabase({ url: `file:${file}` })
    expect(await violations(db)).toEqual([])
    expect(await db.first('SELECT count(*) AS jobs FROM jobs')).toEqual({ jobs: 1000 })
    // the row count of the text index, which the triggers kept
    expect(await db.first('SELECT count(*) AS texts FROM jobs_text')).toEqual({ texts: 1000 })
    expect(
      await db.first("SELECT count(*) AS found FROM jobs_text WHERE jobs_text MATCH 'xylograph'"),
    ).toEqual({
      found: 1,
    })
    expect(await schemaOf(db)).toEqual(await schemaOf(stage.desk.db))
    db.close()
  } finally {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 30_000)
