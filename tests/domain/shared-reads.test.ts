import { AsyncLocalStorage } from 'node:async_hooks'
import type { ResultSet } from '@libsql/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findJobRecord, listJobs } from '~/domain/jobs/queries.server'
import { tagJob } from '~/domain/jobs/tag.server'
import { addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let asked = 0
const pages = new AsyncLocalStorage<Map<string, Promise<ResultSet>>>()
beforeAll(async () => {
  stage = await testDesk()
  stage.desk.db.shareReads(() => pages.getStore() ?? null)
  stage.desk.db.onStatements((count) => {
    asked += count
  })
})
afterAll(() => stage.close())

const page = <T>(work: () => Promise<T>) => pages.run(new Map(), work)
async function countOf(work: () => Promise<unknown>): Promise<number> {
  const before = asked
  await work()
  return asked - before
}

test('the same statement with the same arguments is asked once a page, and each asker has rows of its own', async () => {
  const { desk } = stage
  const [olive, otto] = [await addUser(desk, 'Olive'), await addUser(desk, 'Otto')]
  const [id, other] = [await handIn(desk, olive), await handIn(desk, olive)]
  const read = () => findJobRecord(desk, olive, id)
  expect(await countOf(async () => [await read(), await read()])).toBe(4)
  await page(async () => {
    const [first, second] = await Promise.all([read(), read()])
    expect(second).toEqual(first)
    first.attempts.push(...first.attempts)
    first.job.tags.push('mine')
    expect(await read()).toEqual(second)
  })
  expect(await countOf(() => page(() => Promise.all([read(), read(), read()])))).toBe(2)
  // the jobs' agents and lines are the same for the list and for the job beside it
  const beside = () => Promise.all([read(), listJobs(desk, olive, { scope: 'own' })])
  expect(await countOf(() => page(beside))).toBe(3)
  // another's argument is another question
  await page(async () => {
    await read()
    expect((await findJobRecord(desk, olive, other)).job.id).toBe(other)
    await expect(findJobRecord(desk, otto, id)).rejects.toThrow()
  })
  expect(await countOf(() => page(read))).toBe(2)
})

test('what is written is seen by whoever reads after it', async () => {
  const { desk } = stage
  const olive = await addUser(desk, 'Olga')
  const id = await handIn(desk, olive)
  await page(async () => {
    const before = (await findJobRecord(desk, olive, id)).job
    await tagJob(desk, olive, id, { version: before.version, add: ['new'] })
    const { job, log } = await findJobRecord(desk, olive, id)
    expect(job.tags).toEqual(['new'])
    expect(log.rows).toHaveLength(2)
  })
})
