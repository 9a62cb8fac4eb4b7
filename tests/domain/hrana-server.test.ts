import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HranaServer, startHranaServer } from '../support/hrana-server'

let folder: string
let server: HranaServer
let client: Client

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docket-hrana-'))
  server = await startHranaServer({ file: join(folder, 'db') })
  client = createClient({ url: server.url })
  await client.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT UNIQUE, data BLOB, score REAL)')
})

afterEach(async () => {
  client.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const bodies = async () =>
  (await client.execute('SELECT body FROM notes ORDER BY id')).rows.map(({ body }) => body)

test('keeps every kind of value, and big integers exact', async () => {
  const data = new Uint8Array([0, 1, 255])
  await client.execute({ sql: 'INSERT INTO notes VALUES (?, ?, ?, ?)', args: [1n, 'naïve 🙂', data, 1.5] })
  await client.execute({
    sql: 'INSERT INTO notes VALUES (:id, @body, NULL, NULL)',
    args: { id: 2, body: '' },
  })
  const { columns, columnTypes, rows } = await client.execute('SELECT * FROM notes ORDER BY id')
  expect(columns).toEqual(['id', 'body', 'data', 'score'])
  expect(columnTypes).toEqual(['INTEGER', 'TEXT', 'BLOB', 'REAL'])
  expect(rows[0]).toMatchObject({ id: 1, body: 'naïve 🙂', score: 1.5 })
  expect(new Uint8Array(rows[0]?.data as ArrayBuffer)).toEqual(data)
  expect(rows[1]).toMatchObject({ id: 2, body: '', data: null, score: null })

  const exact = createClient({ url: server.url, intMode: 'bigint' })
  const biggest = 2n ** 63n - 1n
  await exact.execute({ sql: 'INSERT INTO notes (id) VALUES (?)', args: [biggest] })
  expect((await exact.execute('SELECT max(id) AS id FROM notes')).rows[0]?.id).toBe(biggest)
  exact.close()
})

test('counts the rows that changed, with RETURNING too', async () => {
  const plain = await client.execute("INSERT INTO notes (body) VALUES ('a'), ('b')")
  expect(plain).toMatchObject({ rowsAffected: 2, lastInsertRowid: 2n })
  const returning = await client.execute('UPDATE notes SET score = 1 RETURNING id')
  expect(returning.rows).toHaveLength(2)
  expect(returning.rowsAffected).toBe(2)
  expect((await client.execute('SELECT * FROM notes')).rowsAffected).toBe(0)
})

test('a batch is whole or not at all, and its error says which statement and why', async () => {
  const insert = (body: string) => ({ sql: 'INSERT INTO notes (body) VALUES (?)', args: [body] })
  const results = await client.batch([insert('a'), insert('b'), 'SELECT count(*) AS n FROM notes'], 'write')
  expect(results[2]?.rows[0]?.n).toBe(2)
  await expect(client.batch([insert('c'), insert('a')], 'write')).rejects.toMatchObject({
    name: 'LibsqlBatchError',
    statementIndex: 1,
    code: 'SQLITE_CONSTRAINT',
    message: expect.stringContaining('UNIQUE constraint failed: notes.body'),
  })
  expect(await bodies()).toEqual(['a', 'b'])
})

test('errors carry the codes of a libSQL server', async () => {
  const code = (sql: string) => client.execute(sql).then(String, (error) => error.code)
  expect(await code('SELECT * FROM nowhere')).toBe('SQL_INPUT_ERROR')
  expect(await code('-- nothing')).toBe('SQL_NO_STATEMENT')
  expect(await code("SELECT ';' ; SELECT 2")).toBe('SQL_MANY_STATEMENTS')
  expect(await code("VACUUM INTO 'copy.db'")).toBe('SQL_PARSE_ERROR')
  expect(await code('PRAGMA locking_mode=EXCLUSIVE')).toBe('SQL_PARSE_ERROR')
  expect(await code("INSERT INTO notes (id) VALUES ('x')")).toBe('SQLITE_MISMATCH')
  expect((await client.execute('PRAGMA foreign_keys')).rows[0]?.foreign_keys).toBe(1)
})

test('runs scripts and migrations, triggers included', async () => {
  await client.executeMultiple(`
    CREATE TABLE log (body TEXT); -- a comment; with a semicolon
    CREATE TRIGGER copy AFTER INSERT ON notes BEGIN INSERT INTO log (body) VALUES (new.body); SELECT 1; END;
  `)
  await client.migrate(['ALTER TABLE log ADD COLUMN seen TEXT', "INSERT INTO notes (body) VALUES ('a')"])
  expect((await client.execute('SELECT * FROM log')).rows).toMatchObject([{ body: 'a', seen: null }])
})

test('writers wait for a transaction on another stream, readers see the state before it', async () => {
  const transaction = await client.transaction('write')
  await transaction.execute("INSERT INTO notes (body) VALUES ('first')")
  const waiting = [
    client.batch(["INSERT INTO notes (body) VALUES ('second')"], 'write'),
    client.execute("INSERT INTO notes (body) VALUES ('third')"),
  ]
  expect(await bodies()).toEqual([])
  await transaction.commit()
  await Promise.all(waiting)
  expect((await bodies()).sort()).toEqual(['first', 'second', 'third'])
})

test('a transaction that is rolled back or closed leaves nothing, and lets the next one in', async () => {
  const rolledBack = await client.transaction('write')
  await rolledBack.execute("INSERT INTO notes (body) VALUES ('gone')")
  await rolledBack.rollback()
  const closed = await client.transaction('write')
  await closed.execute("INSERT INTO notes (body) VALUES ('gone too')")
  closed.close()
  await client.execute("INSERT INTO notes (body) VALUES ('kept')")
  expect(await bodies()).toEqual(['kept'])
})

test('many writers at once all get through', async () => {
  const clients = Array.from({ length: 5 }, () => createClient({ url: server.url }))
  await Promise.all(
    clients.flatMap((one, writer) =>
      Array.from({ length: 20 }, (_, n) =>
        one.batch([{ sql: 'INSERT INTO notes (body) VALUES (?)', args: [`${writer}/${n}`] }], 'write'),
      ),
    ),
  )
  for (const one of clients) one.close()
  expect(await bodies()).toHaveLength(100)
})

test('a dropped response is a transport error after the commit', async () => {
  server.dropNextResponse(1, /INSERT/)
  expect(await bodies()).toEqual([])
  const lost = client.batch(["INSERT INTO notes (body) VALUES ('a')"], 'write')
  await expect(lost).rejects.toThrow('fetch failed')
  expect(await bodies()).toEqual(['a'])
})

test('comes back on its port with its data, without what was not committed', async () => {
  await client.execute("INSERT INTO notes (body) VALUES ('a')")
  const transaction = await client.transaction('write')
  await transaction.execute("INSERT INTO notes (body) VALUES ('open')")
  const waiting = client.execute("INSERT INTO notes (body) VALUES ('behind it')")
  const refused = expect(waiting).rejects.toThrow()
  await server.close()
  await refused
  await expect(client.execute('SELECT 1')).rejects.toThrow()
  server = await startHranaServer({ file: join(folder, 'db'), port: server.port })
  expect(await bodies()).toEqual(['a'])
})

test('asks for its token', async () => {
  await server.close()
  server = await startHranaServer({ file: join(folder, 'db'), authToken: 'secret' })
  const stranger = createClient({ url: server.url, authToken: 'guess' })
  await expect(stranger.execute('SELECT 1')).rejects.toThrow('Unauthorized')
  stranger.close()
  client.close()
  client = createClient({ url: server.url, authToken: 'secret' })
  expect(await bodies()).toEqual([])
})
