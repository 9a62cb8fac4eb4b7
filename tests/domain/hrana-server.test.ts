import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient, type InArgs } from '@libsql/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exceptOnServer } from '../support/except-on-server'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { until } from '../support/until'

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

const refusals: [sql: string, message: string][] = [
  ['SELECT * FROM nowhere', 'SQLITE_UNKNOWN: SQLite error: no such table: nowhere'],
  ['SELECT nope FROM notes', 'SQL_INPUT_ERROR: SQL input error: no such column: nope'],
  ["SELECT json('{')", 'SQLITE_UNKNOWN: SQLite error: malformed JSON'],
  ["INSERT INTO notes (id) VALUES ('x')", 'SQLITE_MISMATCH: SQLite error: datatype mismatch'],
  ['-- nothing', 'SQL_NO_STATEMENT: SQL string does not contain any statement'],
  ["SELECT ';' ; SELECT 2", 'SQL_MANY_STATEMENTS: SQL string contains more than one statement'],
  ['SELECT FROM', 'SQL_PARSE_ERROR: SQL string could not be parsed: '],
  [
    'SELECT json_group_array(body ORDER BY body) FROM notes',
    'SQL_PARSE_ERROR: SQL string could not be parsed: near ORDER, "None": syntax error at (1, 35)',
  ],
  ['SELECT group_concat(body, "," ORDER BY id) FILTER (WHERE id) FROM notes', 'SQL_PARSE_ERROR: '],
  ['SELECT sum(score ORDER BY id) OVER (ORDER BY id) FROM notes', 'SQL_PARSE_ERROR: '],
  [
    'CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT group_concat(body ORDER BY id) FROM notes; END',
    'SQL_PARSE_ERROR: SQL string could not be parsed: near ORDER, ',
  ],
  [
    'SELECT count(*) FROM notes\n  HAVING count(*) > 0',
    'SQL_PARSE_ERROR: SQL string could not be parsed: near HAVING, "None": syntax error at (2, 9)',
  ],
  ['SELECT 1 FROM notes GROUP BY id UNION SELECT 2 HAVING 1', 'SQL_PARSE_ERROR: '],
  ['VACUUM', 'SQL_PARSE_ERROR: SQL string could not be parsed: unsupported statement: VACUUM'],
  ["VACUUM INTO 'copy.db'", 'SQL_PARSE_ERROR: '],
  ['ANALYZE', 'SQL_PARSE_ERROR: '],
  ["ATTACH 'x' AS y", 'SQL_PARSE_ERROR: '],
  ['CREATE TEMP TABLE x (a)', 'SQL_PARSE_ERROR: '],
  ['PRAGMA locking_mode=EXCLUSIVE', 'SQL_PARSE_ERROR: '],
  ['PRAGMA wal_checkpoint', 'SQL_PARSE_ERROR: '],
  ['EXPLAIN EXPLAIN SELECT 1', 'SQL_PARSE_ERROR: '],
  ['EXPLAIN PRAGMA optimize', 'SQL_PARSE_ERROR: '],
]

describe('refuses, with the codes and words of a libSQL server', () => {
  test.each(refusals)('%s', async (sql, message) => {
    for (const run of [
      () => client.execute(sql),
      () => client.batch(["INSERT INTO notes (body) VALUES ('a')", sql], 'write'),
    ]) {
      const error = await run().catch((caught) => caught)
      expect(`${error.message}`.replace(/^(\w+): \1:/, '$1:')).toContain(message)
      expect(error.code).toBe(message.slice(0, message.indexOf(':')))
    }
    expect(await bodies()).toEqual([])
  })

  test.each<[string, InArgs, string]>([
    ['SELECT ?', [], 'value for parameter 1 not found'],
    ['SELECT ?2', [1], 'value for parameter ?2 not found'],
    ['SELECT :a, :b', { a: 1 }, 'value for parameter :b not found'],
    ['SELECT ?', [1, 2], 'too many parameters, expected 1 found 2'],
    ["SELECT :a, ':b'", { a: 1, b: 2 }, 'too many parameters, expected 1 found 2'],
  ])('arguments that do not fit: %s', async (sql, args, why) => {
    await expect(client.execute({ sql, args })).rejects.toMatchObject({
      code: 'ARGS_INVALID',
      message: expect.stringContaining(`Arguments do not match SQL parameters: ${why}`),
    })
  })

  test('and lets the rest through', async () => {
    for (const sql of [
      'WITH RECURSIVE n (i) AS MATERIALIZED (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3 ORDER BY 1) SELECT * FROM n',
      'SELECT json_group_array(body) FROM (SELECT body FROM notes ORDER BY body)',
      'SELECT max((SELECT id FROM notes ORDER BY id LIMIT 1), 2)',
      'SELECT sum(score) FILTER (WHERE id) OVER w FROM notes WINDOW w AS (PARTITION BY body ORDER BY id)',
      'SELECT body FROM notes GROUP BY body HAVING count(*) > 1 UNION SELECT body FROM notes ORDER BY 1',
      'SELECT \'HAVING\', "order" FROM (SELECT 1 AS "order") -- ORDER BY\n',
      'EXPLAIN QUERY PLAN SELECT 1',
      'PRAGMA table_info(notes)',
      'PRAGMA journal_mode',
      'SELECT 1;',
    ]) {
      await expect(client.execute(sql), sql).resolves.toBeDefined()
    }
    expect((await client.execute('PRAGMA foreign_keys')).rows[0]?.foreign_keys).toBe(1)
  })
})

describe('is as large as a libSQL server', () => {
  const insert = (body: string, data: Uint8Array | null = null) => ({
    sql: 'INSERT INTO notes (body, data) VALUES (?, ?)',
    args: [body, data],
  })
  const megabytes = (many: number, letter = 'x') => letter.repeat(many * 1_000_000)

  test('a value and a row have 5,000,000 bytes', async () => {
    await client.execute(insert(megabytes(4.9)))
    await expect(client.execute(insert(megabytes(2.6, 'é')))).rejects.toMatchObject({
      code: 'ARGS_INVALID',
      message: expect.stringContaining('string or blob too big'),
    })
    const tooBig = {
      code: 'SQLITE_TOOBIG',
      message: expect.stringContaining('SQLite error: string or blob too big'),
    }
    await expect(client.batch([insert(megabytes(3), new Uint8Array(3e6))], 'write')).rejects.toMatchObject(
      tooBig,
    )
    const grow = { sql: 'UPDATE notes SET data = ?', args: [new Uint8Array(200_000)] }
    await expect(client.execute(grow)).rejects.toMatchObject(tooBig)
    await expect(client.execute('SELECT zeroblob(5000001)')).rejects.toMatchObject(tooBig)
    expect((await client.execute('SELECT count(*) AS n FROM notes')).rows[0]?.n).toBe(1)
  })

  test('an answer has 10 MB, a batch in all', async () => {
    await client.batch(
      [insert(megabytes(4)), insert(`${megabytes(4)}2`), insert(`${megabytes(4)}3`)],
      'write',
    )
    const tooLarge = { code: 'RESPONSE_TOO_LARGE' }
    await expect(client.execute('SELECT body FROM notes')).rejects.toMatchObject(tooLarge)
    const one = (id: number) => `SELECT body FROM notes WHERE id = ${id}`
    await expect(client.batch([one(1), one(2), one(3)], 'read')).rejects.toMatchObject(tooLarge)
    await expect(
      client.batch(['DELETE FROM notes WHERE id = 3', one(1), one(2), one(1)], 'write'),
    ).rejects.toMatchObject(tooLarge)
    expect((await client.execute('SELECT count(*) AS n FROM notes')).rows[0]?.n).toBe(3)
    expect((await client.batch([one(1), one(2)], 'read')).length).toBe(2)
  })
})

describe('fails as a libSQL server does', () => {
  const add = (body: string) => ({ sql: 'INSERT INTO notes (body) VALUES (?)', args: [body] })
  const message = (work: Promise<unknown>) => work.then(String, (error) => `${error.code} ${error.message}`)

  test('blocked: nothing is read or written, or only nothing written', async () => {
    server.block('over the plan')
    const blocked = 'BLOCKED BLOCKED: Operation was blocked: over the plan'
    expect(await message(client.execute('SELECT 1'))).toBe(blocked)
    expect(await message(client.batch([add('a')], 'write'))).toBe(blocked)
    server.block(null, 'writes')
    expect(await bodies()).toEqual([])
    expect(await message(client.execute(add('a')))).toBe('BLOCKED BLOCKED: Operation was blocked')
    expect(await message(client.batch([add('a')], 'write'))).toContain('BLOCKED: Operation was blocked')
    server.unblock()
    await client.execute(add('b'))
    expect(await bodies()).toEqual(['b'])
  })

  test('stopped: nothing is answered; what was sent is done when it goes on, whoever waits for it', async () => {
    server.hang()
    const asked: AbortController[] = []
    const impatient = createClient({
      url: server.url,
      fetch: (request: Request) => {
        const controller = new AbortController()
        asked.push(controller)
        return fetch(request, { signal: controller.signal })
      },
    })
    let answered = false
    const lost = impatient.execute(add('given up')).finally(() => {
      answered = true
    })
    const refused = expect(lost).rejects.toThrow('aborted')
    await until(() => server.held() === 1)
    expect(answered).toBe(false)
    asked[0]?.abort()
    await refused
    const patient = client.execute(add('waited for'))
    await until(() => server.held() === 2)
    server.resume()
    await patient
    await until(async () => (await bodies()).length === 2)
    expect((await bodies()).sort()).toEqual(['given up', 'waited for'])
    impatient.close()
  })

  test('far away: each request takes its time', async () => {
    server.delay(30)
    const began = performance.now()
    await client.batch([add('a'), add('b')], 'write')
    expect(performance.now() - began).toBeGreaterThanOrEqual(29)
    server.delay(0)
    expect(await bodies()).toEqual(['a', 'b'])
  })

  exceptOnServer('takes a read replica')(
    'a replica: reads are behind, also in a batch of the mode `write`, until it writes',
    async () => {
      server.behind(100_000)
      await client.execute(add('a'))
      const read = 'SELECT body FROM notes'
      expect(await bodies()).toEqual([])
      expect((await client.batch([read], 'read'))[0]?.rows).toEqual([])
      expect((await client.batch([read], 'write'))[0]?.rows).toEqual([])
      const looking = await client.batch(['DELETE FROM notes WHERE false', read], 'write')
      expect(looking[1]?.rows).toMatchObject([{ body: 'a' }])
      expect(
        (await client.execute("UPDATE notes SET score = 2 WHERE body = 'a' RETURNING score")).rows[0]?.score,
      ).toBe(2)
      const transaction = await client.transaction('write')
      await transaction.execute(add('b'))
      expect((await transaction.execute(read)).rows).toHaveLength(2)
      await transaction.commit()
      server.behind(40)
      await client.execute(add('c'))
      await until(async () => (await bodies()).length === 3)
    },
  )
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
  await expect(stranger.execute('SELECT 1')).rejects.toThrow('Server returned HTTP status 401')
  stranger.close()
  client.close()
  client = createClient({ url: server.url, authToken: 'secret' })
  expect(await bodies()).toEqual([])
})
