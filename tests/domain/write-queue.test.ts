import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '~db/client.server'
import { DatabaseUnavailable } from '~db/errors'
import { WriteQueue, type WriteUnit } from '~db/write-queue.server'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let db: Database

beforeEach(async () => {
  stage = await testDesk()
  db = stage.desk.db
  await db.client.execute('CREATE TABLE notes (at INTEGER PRIMARY KEY, body TEXT UNIQUE)')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.close()
})

const note = (body: string | null): WriteUnit => ({
  statements: [{ sql: 'INSERT INTO notes (body) VALUES (?)', args: [body] }],
  outcome: { sql: 'SELECT at, body FROM notes WHERE body = ?', args: [body] },
})
const bodies = async () =>
  (await db.all<{ body: string }>('SELECT body FROM notes ORDER BY at')).map(({ body }) => body)

test('units that wait at the same moment share batches of fifty, in their order', async () => {
  const batch = vi.spyOn(db.client, 'batch')
  const names = Array.from({ length: 120 }, (_, n) => `note ${n}`)
  const results = await Promise.all(names.map((name) => db.write(note(name))))
  expect(batch.mock.calls.map(([statements]) => statements.length)).toEqual([100, 100, 40])
  expect(batch.mock.calls.every(([, mode]) => mode === 'write')).toBe(true)
  expect(await bodies()).toEqual(names)
  expect(results.map(({ rows }) => rows[0]?.body)).toEqual(names)
})

test('what comes while a batch is under way goes into the next', async () => {
  const batch = vi.spyOn(db.client, 'batch')
  await Promise.all([
    db.write(note('first')).then(() => db.write(note('third'))),
    new Promise(setImmediate).then(() => db.write(note('second'))),
  ])
  expect(batch.mock.calls.length).toBeLessThanOrEqual(3)
  expect((await bodies()).sort()).toEqual(['first', 'second', 'third'])
})

test('a unit that fails takes none of its neighbours down, and leaves nothing of itself', async () => {
  const half: WriteUnit = {
    statements: [...note('half').statements, { sql: 'INSERT INTO nowhere VALUES (1)', args: [] }],
  }
  const outcomes = await Promise.allSettled([
    db.write(note('before')),
    db.write(half),
    db.write(note('before')),
    db.write(note('after')),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(String((outcomes[1] as PromiseRejectedResult).reason)).toContain('nowhere')
  expect(String((outcomes[2] as PromiseRejectedResult).reason)).toContain('UNIQUE')
  expect(await bodies()).toEqual(['before', 'after'])
  expect(db.healthy).toBe(true)
})

test('it says what was committed once for a batch, and nothing of what failed', async () => {
  const listener = vi.fn()
  const stop = db.onCommit(listener)
  await Promise.all([db.write(note('one')), db.write(note('two'))])
  expect(listener).toHaveBeenCalledTimes(1)
  await db.write(note('one')).catch(() => undefined)
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
  await db.write(note('three'))
  expect(listener).toHaveBeenCalledTimes(1)
})

test('a listener that breaks harms no one', async () => {
  vi.spyOn(process, 'emitWarning').mockReturnValue()
  db.onCommit(() => {
    throw new TypeError('a listener broke')
  })
  await expect(db.write(note('one'))).resolves.toBeDefined()
  await expect(db.write(note('two'))).resolves.toBeDefined()
  expect(db.healthy).toBe(true)
})

test('an error of no known kind is thrown as it is, and the queue goes on', async () => {
  vi.spyOn(db.client, 'batch').mockRejectedValueOnce(new RangeError('something else'))
  await expect(db.write(note('one'))).rejects.toThrow(RangeError)
  await expect(db.write(note('one'))).resolves.toBeDefined()
})

/** The queue as on a server, which may commit and lose the answer. */
function serverQueue() {
  vi.spyOn(db.client, 'protocol', 'get').mockReturnValue('http')
  return new WriteQueue(db.client, () => undefined)
}
const cut = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

test('after a lost answer the unit is looked up, and sent again only where it is not there', async () => {
  const queue = serverQueue()
  const batch = vi.spyOn(db.client, 'batch').mockRejectedValueOnce(cut())
  expect((await queue.write(note('not committed'))).rows).toHaveLength(1)
  expect(batch).toHaveBeenCalledTimes(2)

  const real = db.client.batch.bind(db.client)
  batch.mockClear().mockImplementationOnce(async (...given) => {
    await real(...given)
    throw cut()
  })
  expect((await queue.write(note('committed'))).rows).toHaveLength(1)
  expect(await bodies()).toEqual(['not committed', 'committed'])
})

test('a first try that gets through after the look is not an error, and counts once', async () => {
  const queue = serverQueue()
  const real = db.client.batch.bind(db.client)
  const unit = note('slow')
  vi.spyOn(db.client, 'batch')
    .mockRejectedValueOnce(cut())
    .mockImplementationOnce(async (...given) => {
      await real(unit.statements, 'write')
      return real(...given)
    })
  expect((await queue.write(unit)).rows[0]?.body).toBe('slow')
  expect(await bodies()).toEqual(['slow'])
})

test('without an outcome to look up, a lost answer is an error and is not sent again', async () => {
  const queue = serverQueue()
  const batch = vi.spyOn(db.client, 'batch').mockRejectedValueOnce(cut())
  await expect(queue.write({ statements: note('lost').statements })).rejects.toThrow(DatabaseUnavailable)
  expect(batch).toHaveBeenCalledTimes(1)
})

test('what hears of a commit does not run in the context of who wrote', async () => {
  const request = new AsyncLocalStorage<string>()
  const heard: (string | undefined)[] = []
  const forget = db.onCommit(() => heard.push(request.getStore()))
  await request.run('a request', () => db.write(note('first')))
  forget()
  expect(heard).toEqual([undefined])
})
