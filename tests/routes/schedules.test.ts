import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { type ApiJob, Script, signUp } from '../support/api'
import { Client, type Fields } from '../support/client'
import { violations } from '../support/invariants'
import { databaseUrl } from '../support/real-server'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** Schedules by their forms, as a browser without JavaScript sends them, and by JSON; and through a kill -9. */

let server: TestServer
let olive: Awaited<ReturnType<typeof signUp>>
let script: Script
let admin: Script

beforeAll(async () => {
  server = await startServer({ admin: true })
  olive = await signUp(server, 'Olive')
  script = await Script.signIn(server, olive)
  admin = await Script.signIn(server)
})
afterAll(() => server.dispose())

interface Run {
  dueAt: string
  outcome: string
  note: string | null
  job: { id: string; name: string; status: string } | null
}
interface Schedule {
  id: string
  name: string
  cron: string
  words: string | null
  timeZone: string
  state: string
  nextAt: string | null
  lastAt: string | null
  version: number
  values: Record<string, string>
  nextRuns: { at: string; local: string; offset: string }[]
  runs: Run[]
}

const addTemplate = async (by = script) => {
  const { id } = await by.call<{ id: string }>('POST', '/api/templates', {
    name: `Report ${crypto.randomUUID()}`,
    description: 'What sold',
    job: { name: 'Report on {{topic}}', description: '/stats\n{{topic}}', acceptanceCriteria: 'It counts' },
    variables: [{ name: 'topic', label: 'Topic', type: 'text', required: true, default: null }],
  })
  return id
}
const input = async () => ({
  name: 'Weekly report',
  templateId: await addTemplate(),
  values: { topic: 'sales' },
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
})
const refused = async (answer: Promise<Response>) => {
  const response = await answer
  return {
    status: response.status,
    ...((await response.json()) as { errors?: Record<string, string[]>; reason?: string }),
  }
}

describe('by JSON', () => {
  test('made, read, listed, changed, paused, resumed, run and removed', async () => {
    const made = await script.call<Schedule>('POST', '/api/schedules', await input())
    expect(made).toMatchObject({
      words: 'Every day at 02:30',
      timeZone: 'Europe/Berlin',
      state: 'ACTIVE',
      version: 1,
      runs: [],
    })
    expect(made.nextRuns).toHaveLength(5)
    expect(made.nextRuns[0]?.at).toBe(made.nextAt)
    const at = `/api/schedules/${made.id}`
    expect(await script.call('GET', at)).toEqual(made)
    const { data } = await script.call<{ data: Schedule[] }>('GET', '/api/schedules')
    expect(data.map(({ id }) => id)).toContain(made.id)

    const changed = await script.call<Schedule>('PATCH', at, { cron: '@hourly', version: 1 })
    expect(changed).toMatchObject({
      words: 'Every hour, on the hour',
      version: 2,
      values: { topic: 'sales' },
    })
    expect(await refused(script.send('PATCH', at, { name: 'Late', version: 1 }))).toMatchObject({
      status: 409,
      reason: 'stale_version',
    })

    expect(await script.call('POST', `${at}/pause`, {})).toMatchObject({
      state: 'PAUSED',
      nextAt: null,
      nextRuns: [],
    })
    expect(await script.call('POST', `${at}/resume`, {})).toMatchObject({ state: 'ACTIVE' })

    const job = await script.call<ApiJob>('POST', `${at}/run`, { lastAt: null })
    expect(job.name).toBe('Report on sales')
    expect(await refused(script.send('POST', `${at}/run`, { lastAt: null }))).toMatchObject({ status: 409 })
    const after = await script.call<Schedule>('GET', at)
    expect(after.runs).toMatchObject([{ outcome: 'MADE', job: { id: job.id } }])
    expect((await script.call<ApiJob>('POST', `${at}/run`, { lastAt: after.lastAt })).id).not.toBe(job.id)

    expect((await script.send('DELETE', at, {})).status).toBe(204)
    expect((await script.send('GET', at)).status).toBe(404)
  })

  test('failing ones alone; a template in use is removed only with force', async () => {
    const asked = await input()
    const { id } = await script.call<Schedule>('POST', '/api/schedules', asked)
    const at = `/api/templates/${asked.templateId}`
    expect(await refused(script.send('DELETE', at, {}))).toMatchObject({
      ...{ status: 409, reason: 'in_use', count: 1 },
      schedules: [{ id, name: 'Weekly report', ownerName: 'Olive' }],
    })
    const page = await (await olive.client.get(`/templates/${asked.templateId}/remove`)).text()
    expect(page).toContain('A schedule uses this template')
    expect(page).toContain(`href="/schedules/${id}"`)
    const failing = async (by = script, scope = 'own') =>
      (await by.call<{ data: Schedule[] }>('GET', `/api/schedules?failing=true&scope=${scope}`)).data
    expect(await failing()).toEqual([])
    expect(
      (await olive.client.postForm(`/templates/${asked.templateId}/remove`, { version: '1' })).status,
    ).toBe(409)
    const [, force = ''] = /name="force" value="(\w+)"/.exec(page) ?? []
    const removed = await olive.client.postForm(`/templates/${asked.templateId}/remove`, {
      version: '1',
      force,
    })
    expect(removed.headers.get('location')).toBe('/templates?removed')
    const why = 'Its template was removed, or is no longer shared.'
    expect(await failing()).toMatchObject([{ id, failure: { why, job: null } }])
    expect(await failing(admin)).toEqual([])
    expect((await failing(admin, 'all')).map((each) => each.id)).toEqual([id])
    const jobs = (await (await olive.client.get('/jobs')).text()).replaceAll('<!-- -->', '')
    expect(jobs).toContain('1 of your schedules is failing')
    expect(await (await olive.client.get('/schedules?failing=true')).text()).toContain(why)
    const overview = await admin.call<{ needs: { schedules: Schedule[] } }>('GET', '/api/admin/overview')
    expect(overview.needs.schedules).toMatchObject([{ id, why, ownerName: 'Olive' }])
    expect(await refused(script.send('GET', '/api/schedules?failing=maybe'))).toMatchObject({ status: 422 })
    expect((await script.send('DELETE', `/api/schedules/${id}`, {})).status).toBe(204)
    expect(await failing()).toEqual([])
  })

  test('numbers in its values keep their digits, and booleans are yes or no', async () => {
    const { id: templateId } = await script.call<{ id: string }>('POST', '/api/templates', {
      name: 'Of exact values',
      job: { name: 'Pay {{sum}}', description: 'Urgent: {{urgent}}', acceptanceCriteria: 'c' },
      variables: [{ name: 'urgent', type: 'boolean' }],
    })
    const whole = JSON.stringify({ ...(await input()), templateId, values: null })
    const text = (values: string) => whole.replace('"values":null', `"values":${values}`)
    const made = await script.sendText('POST', '/api/schedules', text('{"sum":1.10,"urgent":true}'))
    const { id, values } = (await made.json()) as Schedule
    expect(values).toEqual({ sum: '1.10', urgent: 'yes' })
    const changed = await script.sendText(
      'PATCH',
      `/api/schedules/${id}`,
      '{"values":{"sum":12345678901234567890,"urgent":"FALSE"}}',
    )
    expect(await changed.json()).toMatchObject({ values: { sum: '12345678901234567890', urgent: 'no' } })
  })

  test('what is wrong is said at its field', async () => {
    const whole = await input()
    const wrong = (change: object) => refused(script.send('POST', '/api/schedules', { ...whole, ...change }))
    expect(await wrong({ cron: '* * * * * *' })).toMatchObject({
      status: 422,
      errors: { cron: [expect.stringMatching(/no finer than a minute/)] },
    })
    expect(await wrong({ timeZone: 'Mars/Olympus' })).toMatchObject({
      status: 422,
      errors: { timeZone: [expect.stringMatching(/IANA/)] },
    })
    expect(await wrong({ values: {} })).toMatchObject({
      status: 422,
      errors: { 'values.topic': [expect.any(String)] },
    })
    expect(await wrong({ templateId: 'none' })).toMatchObject({
      status: 422,
      errors: { templateId: [expect.any(String)] },
    })
    expect(await wrong({ catchUp: 'some' })).toMatchObject({
      status: 422,
      errors: { catchUp: [expect.any(String)] },
    })
  })

  test('the next five due times of an expression, before there is a schedule', async () => {
    const next = await script.call<Schedule>(
      'GET',
      `/api/schedules/next?${new URLSearchParams({ cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin' })}`,
    )
    expect(next.words).toBe('Every weekday, Monday to Friday, at 09:00')
    expect(next.nextRuns).toHaveLength(5)
    for (const { local } of next.nextRuns) expect(local).toMatch(/^(Mon|Tue|Wed|Thu|Fri) .*, 09:00$/)
    expect(await refused(script.send('GET', '/api/schedules/next?cron=nope'))).toMatchObject({
      status: 422,
      errors: { cron: [expect.stringMatching(/five fields/)] },
    })
  })

  test('a stranger finds nothing; an admin reads, pauses and removes, and no more', async () => {
    const { id } = await script.call<Schedule>('POST', '/api/schedules', await input())
    const at = `/api/schedules/${id}`
    const stranger = await Script.signIn(server, await signUp(server, 'Sam'))
    expect((await stranger.send('GET', at)).status).toBe(404)
    expect((await stranger.send('POST', `${at}/run`, {})).status).toBe(404)
    expect((await stranger.send('GET', '/api/schedules?scope=all')).status).toBe(404)
    const { data } = await admin.call<{ data: Schedule[] }>('GET', '/api/schedules?scope=all')
    expect(data.map((each) => each.id)).toContain(id)
    expect((await admin.send('PATCH', at, { name: 'Mine' })).status).toBe(403)
    expect((await admin.send('POST', `${at}/run`, {})).status).toBe(403)
    expect(await admin.call('POST', `${at}/pause`, {})).toMatchObject({ state: 'PAUSED' })
    expect((await admin.send('DELETE', at, {})).status).toBe(204)
  })
})

describe('by forms', () => {
  const page = async (path: string) => {
    const answer = await olive.client.get(path)
    return { status: answer.status, text: await answer.text() }
  }
  const post = async (path: string, fields: Fields) => {
    const answer = await olive.client.postForm(path, fields)
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      text: await answer.text(),
    }
  }
  const fieldsOf = async () => {
    const { values, ...rest } = await input()
    return { ...rest, value_topic: values.topic, catchUp: 'latest' } as Fields & { templateId: string }
  }

  test('from the choice of a template to the last run', async () => {
    const fields = await fieldsOf()
    expect((await page('/schedules/new')).text).toContain(`/schedules/new?template=${fields.templateId}`)
    const form = `/schedules/new?template=${fields.templateId}`
    expect((await page(form)).text).toContain('Every Monday at 09:00')

    const refused = await post(form, { ...fields, cron: '61 * * * *', value_topic: '' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Invalid value for minute: 61.')
    expect(refused.text).toContain('value="61 * * * *"')
    const noTopic = await post(form, { ...fields, value_topic: '' })
    expect([noTopic.status, noTopic.text.includes('value="Weekly report"')]).toEqual([422, true])
    expect(noTopic.text).toMatch(
      /aria-invalid="true"[^>]*name="value_topic"|name="value_topic"[^>]*aria-invalid="true"/,
    )

    const made = await post(form, fields)
    expect(made.status).toBe(303)
    const at = made.location.replace('?saved', '')
    const shown = await page(at)
    expect(shown.text).toContain('Every day at 02:30')
    expect(shown.text).toContain('It has not run yet.')

    const ran = await post(`${at}/run`, { lastAt: '' })
    expect([ran.status, ran.location]).toEqual([303, `${at}?ran`])
    expect((await page(at)).text).toContain('Report on sales')
    const twice = await post(`${at}/run`, { lastAt: '' })
    expect([twice.status, twice.text.includes('It was run a moment ago')]).toEqual([409, true])

    expect((await post(`${at}/pause`, { version: '1' })).status).toBe(303)
    expect((await page(at)).text).toContain('None while it is paused.')
    const stale = await post(`${at}/edit`, { ...fields, version: '1', name: 'My words' })
    expect(stale.status).toBe(409)
    expect(stale.text).toContain('value="My words"')
    expect((await post(`${at}/edit`, { ...fields, version: '2', name: 'Renamed' })).status).toBe(303)
    expect((await post(`${at}/resume`, { version: '3' })).status).toBe(303)
    expect((await page('/schedules')).text).toContain('Renamed')
    expect((await post(`${at}/remove`, { version: '4' })).location).toBe('/schedules?removed')
    expect((await page(at)).status).toBe(404)
  })

  test('"Show the next runs" answers with them and keeps what is typed; a usual time fills the field', async () => {
    const fields = await fieldsOf()
    const form = `/schedules/new?template=${fields.templateId}`
    const typed = await post(form, {
      ...fields,
      name: 'Half done',
      value_topic: '',
      cron: '0 9 1 * *',
      show: 'typed',
    })
    expect(typed.status).toBe(200)
    expect(typed.text).toContain('On the 1st of every month at 09:00')
    expect(typed.text.match(/1 \w{3} 20\d\d, 09:00/g)?.length).toBeGreaterThanOrEqual(5)
    expect(typed.text).toContain('value="Half done"')
    const usual = await post(form, { ...fields, show: '0 * * * *' })
    expect(usual.text).toContain('Every hour, on the hour')
    expect(usual.text).toMatch(/<input[^>]*name="cron"[^>]*value="0 \* \* \* \*"/)
    const wrong = await post(form, { ...fields, cron: '0 0 30 2 *', show: 'typed' })
    expect([wrong.status, wrong.text.includes('This is never due')]).toEqual([422, true])
    const { data } = await script.call<{ data: Schedule[] }>('GET', '/api/schedules')
    expect(data.map(({ name }) => name)).not.toContain('Half done')
  })
})

test('kill -9 while it hands in what was missed: each due time is there once', async () => {
  const first = await startServer({ admin: true })
  const { dataDir } = first
  const file = join(dataDir, 'docket.db')
  try {
    const by = await Script.signIn(first)
    const templateId = await addTemplate(by)
    const due = { templateId, values: { topic: 'x' }, cron: '0 * * * *', catchUp: 'all' }
    for (let n = 0; n < 30; n++) await by.call('POST', '/api/schedules', { ...due, name: `Schedule ${n}` })
    await first.stop()
    // as after ten hours of downtime
    await inDatabase(file, async (db) => {
      await db.write({
        repeatable: true,
        statements: [{ sql: 'UPDATE schedules SET nextAt = nextAt - 36000000', args: [] }],
      })
    })
    const second = await startServer({ dataDir })
    await second.kill()
    await second.dispose()
    const third = await startServer({ dataDir })
    const again = new Script(new Client(third.origin), by.token)
    await until(async () => {
      const { data } = await again.call<{ data: Schedule[] }>('GET', '/api/schedules?limit=100')
      return data.every(({ nextAt }) => Date.parse(nextAt ?? '') > Date.now())
    }, 30_000)
    await third.stop()
    await third.dispose()
    await inDatabase(file, async (db) => {
      const made = await db.all<{ runs: number; jobs: number }>(
        `SELECT count(*) AS runs, count(DISTINCT r.dueAt) AS times,
           (SELECT count(*) FROM jobs j WHERE j.scheduleId = r.scheduleId) AS jobs
         FROM schedule_runs r WHERE r.outcome = 'MADE' GROUP BY r.scheduleId`,
      )
      expect(made).toHaveLength(30)
      for (const each of made) expect(each).toMatchObject({ runs: 10, times: 10, jobs: 10 })
      expect(await violations(db)).toEqual([])
    })
  } finally {
    await first.dispose()
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 90_000)

async function inDatabase(
  file: string,
  work: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<void>,
) {
  const db = await openDatabase({ url: await databaseUrl(file) })
  try {
    await work(db)
  } finally {
    await db.release()
    db.close()
  }
}
