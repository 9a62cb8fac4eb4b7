import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Conflict, Forbidden, Invalid, NotFound } from '~/domain/errors'
import type { ListQuestion } from '~/domain/jobs/list-filter'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { readListQuery } from '~/domain/jobs/list-query'
import type { UserActor } from '~/domain/policy'
import { findView, listViews } from '~/domain/views/queries.server'
import { changeView, removeView, saveView } from '~/domain/views/save.server'
import { mostViews } from '~/domain/views/view'
import { viewQuery } from '~/http/view-query.server'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let at: TestDesk
let ada: UserActor
let ben: UserActor
let admin: UserActor

beforeEach(async () => {
  at = await testDesk()
  ada = await addUser(at.desk, 'Ada')
  ben = await addUser(at.desk, 'Ben')
  admin = await addUser(at.desk, 'Ann', 'ADMIN')
})
afterEach(() => at.close())

const save = (
  actor: UserActor,
  name: string,
  more: Partial<Parameters<typeof saveView>[2]> = {},
  query = 'status=FAILED',
) => saveView(at.desk, actor, { name, scope: 'own', shared: false, ...more }, viewQuery(query))
const names = async (actor: UserActor, scope: 'own' | 'all' = 'own') =>
  (await listViews(at.desk, actor, scope)).map(({ name }) => name)
const builtIn = ['Needs me', 'Running', 'Failed today']

describe('saved views', () => {
  test('begin with the built-in ones, then one’s own by name, then what others share', async () => {
    await save(ada, 'zebra')
    await save(ada, 'Apple')
    await save(ben, 'From Ben', { shared: true })
    await save(ben, 'Ben alone')
    expect(await names(ada)).toEqual([...builtIn, 'Apple', 'zebra', 'From Ben'])
    expect(await names(ben)).toEqual([...builtIn, 'Ben alone', 'From Ben'])
  })

  test('keep the query in one order, without its page', async () => {
    const view = await save(
      ada,
      'Late',
      {},
      '?sort=name&tag=b&tag=a&cursor=x&status=FAILED&agent=&q=+invoice+',
    )
    expect(view.query).toBe('q=invoice&status=FAILED&tag=b&tag=a&sort=name')
    expect(await findView(at.desk, ada, view.id)).toEqual(view)
    expect(view.owner).toEqual({ id: ada.id, name: 'Ada' })
  })

  test('mean the days of the zone they were saved in, whoever opens them', async () => {
    const query = viewQuery('updated=today&status=FAILED', 'Asia/Kolkata')
    const given = { name: 'Failed today', scope: 'own', shared: true } as const
    const view = await saveView(at.desk, ada, given, query)
    expect(view.query).toBe('status=FAILED&updated=today&timeZone=Asia%2FKolkata')
    const bens = await findView(at.desk, ben, view.id)
    const { timeZone, ...rest } = readListQuery(bens.query).question
    expect(timeZone).toBe('Asia/Kolkata')
    const read = async (question: ListQuestion, zone: string) =>
      (await readJobFilter(at.desk, ben, 'own', question, zone)).filter.updated
    const inKolkata = await read(rest, 'Asia/Kolkata')
    expect(await read({ ...rest, timeZone }, 'America/New_York')).toEqual(inKolkata)
    expect(await read(rest, 'America/New_York')).not.toEqual(inKolkata)
    // a script's are in UTC, and what names no day names no zone
    expect((await save(ada, 'By a script', {}, 'created=2026-01-31')).query).toBe(
      'created=2026-01-31&timeZone=UTC',
    )
    expect((await save(ada, 'Lately', {}, 'created=7d')).query).toBe('created=7d')
    // Docket's own are everybody's: of their own day
    expect((await findView(at.desk, ada, 'failed-today')).query).toBe('status=FAILED&updated=today')
  })

  test('over everyone’s jobs are for admins alone, to make and to see', async () => {
    await expect(save(ada, 'All', { scope: 'all' })).rejects.toThrow(NotFound)
    await expect(listViews(at.desk, ada, 'all')).rejects.toThrow(NotFound)
    const view = await save(admin, 'All', { scope: 'all', shared: true })
    await expect(findView(at.desk, ada, view.id)).rejects.toThrow(NotFound)
    await expect(findView(at.desk, ada, 'all-running')).rejects.toThrow(NotFound)
    const other = await addUser(at.desk, 'Abe', 'ADMIN')
    expect(await names(other, 'all')).toEqual([...builtIn, 'All'])
    expect(await names(other)).toEqual(builtIn)
  })

  test('that an admin shares go with the role, and those of a disabled person with the account', async () => {
    await save(admin, 'All', { scope: 'all', shared: true })
    await save(ben, 'From Ben', { shared: true })
    const other = await addUser(at.desk, 'Abe', 'ADMIN')
    await at.desk.db.write({
      repeatable: true,
      statements: [
        { sql: "UPDATE users SET role = 'USER' WHERE id = ?", args: [admin.id] },
        { sql: 'UPDATE users SET disabledAt = 1 WHERE id = ?', args: [ben.id] },
      ],
    })
    expect(await names(other, 'all')).toEqual(builtIn)
    expect(await names(ada)).toEqual(builtIn)
  })

  test('have a name once for each owner and scope, in whatever case', async () => {
    const first = await save(admin, 'Mine')
    await expect(save(admin, 'MINE')).rejects.toMatchObject({
      fields: { name: ['You have a view of this name already.'] },
    })
    await save(admin, 'Mine', { scope: 'all' })
    await save(ben, 'Mine')
    const second = await save(admin, 'Other')
    await expect(changeView(at.desk, admin, second.id, { name: 'mine' })).rejects.toThrow(Invalid)
    expect((await changeView(at.desk, admin, first.id, { name: 'mine' })).name).toBe('mine')
  })

  test('that ask what means nothing are refused on `query`', async () => {
    await expect(save(ada, 'Odd', {}, 'status=SLEEPING')).rejects.toMatchObject({
      fields: { query: [expect.any(String)] },
    })
    const view = await save(ada, 'Fine')
    await expect(changeView(at.desk, ada, view.id, {}, viewQuery('agent=nobody'))).rejects.toThrow(Invalid)
    expect((await findView(at.desk, ada, view.id)).query).toBe('status=FAILED')
  })

  test('change what is given and nothing else', async () => {
    const view = await save(ada, 'Late')
    expect(await changeView(at.desk, ada, view.id, { shared: true })).toEqual({ ...view, shared: true })
    expect(await changeView(at.desk, ada, view.id, {}, viewQuery(''))).toEqual({
      ...view,
      shared: true,
      query: '',
    })
    expect(await changeView(at.desk, ada, view.id, { name: 'Soon', shared: false })).toEqual({
      ...view,
      ...{ name: 'Soon', query: '' },
    })
  })

  test('are changed and removed by their owner alone; the built-in ones by nobody', async () => {
    const view = await save(ada, 'Late', { shared: true })
    await expect(changeView(at.desk, ben, view.id, { name: 'Stolen' })).rejects.toThrow(Forbidden)
    await expect(removeView(at.desk, ben, view.id)).rejects.toThrow(Forbidden)
    await expect(removeView(at.desk, ada, 'running')).rejects.toThrow(Conflict)
    await changeView(at.desk, ada, view.id, { shared: false })
    await expect(removeView(at.desk, ben, view.id)).rejects.toThrow(NotFound)
    await removeView(at.desk, ada, view.id)
    expect(await names(ada)).toEqual(builtIn)
  })

  test(`are at most ${mostViews} a person`, async () => {
    for (let n = 1; n <= mostViews; n++) await save(ada, `View ${n}`)
    await expect(save(ada, 'One more')).rejects.toMatchObject({ reason: 'too_many_views' })
    await save(ben, 'Of another')
    expect(await names(ada)).toHaveLength(builtIn.length + mostViews)
  })

  test('are read by index, without a sort of their own', async () => {
    const plans: string[] = []
    const read = at.desk.db.all.bind(at.desk.db)
    at.desk.db.all = async (sql, args) => {
      const plan = await at.desk.db.client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: args ?? [] })
      plans.push(...plan.rows.map(({ detail }) => String(detail)))
      return read(sql, args)
    }
    await listViews(at.desk, admin, 'all')
    await findView(at.desk, ada, 'none').catch(() => undefined)
    expect(plans.join('\n')).toContain('saved_views_shared')
    expect(plans.filter((step) => /SCAN (v|u|saved_views|users)\b|TEMP B-TREE/.test(step))).toEqual([])
  })
})
