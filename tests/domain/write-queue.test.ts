import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '~db/client.server'
import { DatabaseUnavailable, OutcomeUnknown } from '~db/errors'
import { WriteQueue, type WriteUnit } from '~db/write-queue.server'
import { type TestDesk, testDesk } from '../support/desk'
import { exceptOnServer } from '../support/except-on-server'

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

exceptOnServer('writes have a client of their own there')(
  'units that wait at the same moment share batches of fifty, in their order',
  async () => {
    const batch = vi.spyOn(db.client, 'batch')
    const names = Array.from({ length: 120 }, (_, n) => `note ${n}`)
    const results = await Promise.all(names.map((name) => db.write(note(name))))
    // the outcome, the insert, and the outcome again
    expect(batch.mock.calls.map(([statements]) => statements.length)).toEqual([150, 150, 60])
    expect(batch.mock.calls.every(([, mode]) => mode === 'write')).toBe(true)
    expect(await bodies()).toEqual(names)
    expect(results.map(({ rows }) => rows[0]?.body)).toEqual(names)
  },
)

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
    repeatable: true,
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

exceptOnServer('writes have a client of their own there')(
  'an error of no known kind is thrown as it is, and the queue goes on',
  async () => {
    vi.spyOn(db.client, 'batch').mockRejectedValueOnce(new RangeError('something else'))
    await expect(db.write(note('one'))).rejects.toThrow(RangeError)
    await expect(db.write(note('one'))).resolves.toBeDefined()
  },
)

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
  expect(batch).toHaveBeenCalledTimes(3)

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

test('after a lost answer one look in write mode serves the whole group, and only what is missing is sent again', async () => {
  const queue = serverQueue()
  const real = db.client.batch.bind(db.client)
  const batch = vi.spyOn(db.client, 'batch').mockImplementationOnce(async () => {
    // another process's answer, say: of three units the second was committed
    await real(note('b').statements, 'write')
    throw cut()
  })
  const execute = vi.spyOn(db.client, 'execute')
  const answers = await Promise.all(['a', 'b', 'c'].map((body) => queue.write(note(body))))
  expect(answers.map(({ rows }) => rows[0]?.body)).toEqual(['a', 'b', 'c'])
  expect(batch.mock.calls.map(([statements, mode]) => [statements.length, mode])).toEqual([
    [9, 'write'],
    [4, 'write'],
    [2, 'write'],
    [2, 'write'],
  ])
  expect(execute).not.toHaveBeenCalled()
  expect(await bodies()).toEqual(['b', 'a', 'c'])
})

exceptOnServer('takes a read replica')(
  'a read replica, which is behind, is not believed that the unit is not there',
  async () => {
    const onServer = await testDesk('server')
    const { client } = onServer.desk.db
    await client.execute('CREATE TABLE notes (at INTEGER PRIMARY KEY, body TEXT)')
    onServer.server?.behind(100_000)
    onServer.server?.dropNextResponse(1, /INSERT INTO notes/)
    expect((await onServer.desk.db.write(note('once'))).rows).toHaveLength(1)
    onServer.server?.behind(0)
    expect((await client.execute('SELECT body FROM notes')).rows).toHaveLength(1)
    await onServer.close()
  },
)

test('a repeatable unit is sent again after a lost answer', async () => {
  const queue = serverQueue()
  const real = db.client.batch.bind(db.client)
  vi.spyOn(db.client, 'batch').mockImplementationOnce(async (...given) => {
    await real(...given)
    throw cut()
  })
  const { rows } = await queue.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO notes VALUES (1, 'once') ON CONFLICT DO NOTHING", args: [] }],
    result: { sql: 'SELECT body FROM notes', args: [] },
  })
  expect(rows.map(({ body }) => body)).toEqual(['once'])
})

test.each(['ARGS_INVALID', 'RESPONSE_TOO_LARGE', 'SOMETHING_NEW'])(
  'a group that is refused with %s is sent again one by one, and only the unit at fault is refused',
  async (code) => {
    const queue = serverQueue()
    const real = db.client.batch.bind(db.client)
    vi.spyOn(db.client, 'batch').mockImplementation(async (...given) => {
      if (JSON.stringify(given[0]).includes('at fault')) throw Object.assign(new Error('refused'), { code })
      return real(...given)
    })
    const answers = await Promise.allSettled(['a', 'at fault', 'b'].map((body) => queue.write(note(body))))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(answers[1]).toMatchObject({ reason: { code } })
    expect(await bodies()).toEqual(['a', 'b'])
  },
)

describe('while the database stays away', () => {
  const refused = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

  test('a unit whose answer was lost may be written, and another try of the same unit finds it', async () => {
    const queue = serverQueue()
    const real = db.client.batch.bind(db.client)
    const unit = note('in doubt')
    const batch = vi.spyOn(db.client, 'batch').mockImplementationOnce(async (...given) => {
      await real(...given)
      throw cut()
    })
    batch.mockRejectedValueOnce(refused())
    await expect(queue.write(unit)).rejects.toThrow(OutcomeUnknown)
    batch.mockRejectedValueOnce(refused())
    await expect(queue.write(unit)).rejects.toThrow(OutcomeUnknown)
    expect((await queue.write(unit)).rows[0]?.body).toBe('in doubt')
    expect(await bodies()).toEqual(['in doubt'])
  })

  test('an answer that can not be read leaves its unit in doubt', async () => {
    const queue = serverQueue()
    const batch = vi.spyOn(db.client, 'batch').mockRejectedValueOnce(new SyntaxError('Unexpected token <'))
    batch.mockRejectedValueOnce(refused())
    await expect(queue.write(note('in doubt'))).rejects.toThrow(OutcomeUnknown)
  })

  test('what never reached it is known not to be written', async () => {
    const queue = serverQueue()
    const batch = vi.spyOn(db.client, 'batch').mockRejectedValue(refused())
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((body) => queue.write(note(body))))
    const reasons = answers.map((each) => each.status === 'rejected' && each.reason)
    expect(reasons.every((each) => each instanceof DatabaseUnavailable)).toBe(true)
    expect(reasons.some((each) => each instanceof OutcomeUnknown)).toBe(false)
    // the group, and one more try with its first unit
    expect(batch).toHaveBeenCalledTimes(2)
  })

  test('a unit that was sent and lost while its neighbors were not is the only one in doubt', async () => {
    const queue = serverQueue()
    const atFault = Object.assign(new Error('refused'), { code: 'SOMETHING_NEW' })
    const batch = vi.spyOn(db.client, 'batch').mockRejectedValueOnce(atFault)
    batch.mockRejectedValueOnce(cut()).mockRejectedValue(refused())
    const answers = await Promise.allSettled(['a', 'b'].map((body) => queue.write(note(body))))
    expect(
      answers.map((each) => each.status === 'rejected' && each.reason instanceof OutcomeUnknown),
    ).toEqual([true, false])
  })
})

test('in tests, an outcome that gives rows before its unit ran fails', async () => {
  const unit: WriteUnit = { statements: note('x').statements, outcome: { sql: 'SELECT 1', args: [] } }
  await expect(db.write(unit)).rejects.toThrow('This outcome gives rows before its unit ran: SELECT 1')
})

test('what hears of a commit does not run in the context of who wrote', async () => {
  const request = new AsyncLocalStorage<string>()
  const heard: (string | undefined)[] = []
  const forget = db.onCommit(() => heard.push(request.getStore()))
  await request.run('a request', () => db.write(note('first')))
  forget()
  expect(heard).toEqual([undefined])
})
