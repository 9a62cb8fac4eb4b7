import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signIn, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** The admins' desk through both of its doors: plain forms without JavaScript, and JSON. */

type Job = ApiJob & { completedByAdmin: boolean; archivedAt: string | null; warnings?: string[] }
interface Problem {
  status: number
  detail: string
  reason?: string
  errors?: Record<string, string[]>
  changes?: { version: number; what: string; who: string | null }[]
}

let server: TestServer
let browser: Client
let admin: Script
let olive: Script
let oliveBrowser: Client
let oliveEmail: string
/** Paused: what is assigned to it stays as it is. */
let resting: { id: string }
/** Never ends by itself. */
let slow: { id: string }
let retired: string

beforeAll(async () => {
  server = await startServer({ admin: true })
  browser = await signIn(server)
  admin = await Script.signIn(server)
  const person = await signUp(server, 'Olive')
  oliveBrowser = person.client
  oliveEmail = person.email
  olive = await Script.signIn(server, person)
  const add = (input: object) => admin.call<{ id: string }>('POST', '/api/admin/agents', input)
  resting = await add({ name: 'Resting', kind: 'toolbox' })
  await admin.call('PATCH', `/api/admin/agents/${resting.id}`, { state: 'PAUSED' })
  slow = await add({
    ...{ name: 'Slow', kind: 'command', concurrency: 100 },
    config: { argv: ['node', '-e', 'console.log("at it"); setInterval(() => {}, 1000)'] },
  })
  const leaving = await add({ name: 'Leaving', kind: 'toolbox' })
  await admin.call('POST', `/api/admin/agents/${leaving.id}/retire`, {})
  retired = leaving.id
})
afterAll(() => server.dispose())

const queued = (input: object = {}) => olive.createJob({ agentId: resting.id, ...input })
async function running(input: object = {}) {
  const { id } = await olive.createJob({ agentId: slow.id, ...input })
  return olive.jobIn(id, 'IN_PROGRESS')
}
async function failed(input: object = {}) {
  const { id } = await olive.createJob({ description: 'no command', ...input })
  return olive.jobIn(id, 'FAILED')
}
async function reviewed(input: object = {}) {
  const { id } = await olive.createJob(input)
  return olive.jobIn(id, 'IN_REVIEW')
}

const at = `?status=FAILED&agent=none&cursor=${Buffer.from('["all-jobs","n",1,"x"]').toString('base64url')}`
const post = (path: string, fields: Record<string, string | number | undefined> = {}) =>
  browser.postForm(path, fields)

async function page(answer: Response, status = 200) {
  const text = await answer.text()
  expect(answer.status, text.slice(0, 400)).toBe(status)
  // React puts comments between the pieces of a text
  return text.replaceAll('<!-- -->', '')
}
async function refused(answer: Response, status: number): Promise<Problem> {
  const text = await answer.text()
  expect(answer.status, text).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return JSON.parse(text) as Problem
}
const leadsTo = (answer: Response) => {
  expect(answer.status).toBe(303)
  return answer.headers.get('location')
}
const apiJob = (id: string) => admin.call<Job>('GET', `/api/admin/jobs/${id}`)
const logOf = async (id: string) =>
  (
    await admin.call<{
      data: { kind: string; message: string; attempt: number; responsePayload: unknown }[]
    }>('GET', `/api/jobs/${id}/logs?limit=100`)
  ).data

describe('the list', () => {
  test("has everyone's jobs with owner and agent, and carries its filter on in every link", async () => {
    const mine = await admin.createJob({ name: 'Of the admin', agentId: resting.id })
    const hers = await queued({ name: 'Of Olive' })
    const text = await page(await browser.get('/admin/jobs'))
    for (const said of ['Of the admin', 'Of Olive', 'Olive', 'Resting']) expect(text).toContain(said)
    const filtered = await page(
      await browser.get(`/admin/jobs?agent=${resting.id}&owner=${encodeURIComponent(oliveEmail)}`),
    )
    expect(filtered).not.toContain(mine.id)
    expect(filtered).toContain(
      `/admin/jobs/${hers.id}?agent=${resting.id}&amp;owner=${encodeURIComponent(oliveEmail)}`,
    )
    expect(filtered).toContain('Clear filters')
    expect(filtered).toContain(`id="job-${hers.id}"`)
  })

  test('says what is wrong with a filter, in its place', async () => {
    const wrong = { status: 'SLEEPING', agent: 'nobody', owner: 'ghost@example.com' }
    const text = await page(await browser.get(`/admin/jobs?${new URLSearchParams(wrong)}`), 422)
    expect(text).toContain('it is one of PENDING')
    expect(text).toContain('There is no agent “nobody”.')
    expect(text).toContain('Nobody here has the address “ghost@example.com”.')
    expect(text).toContain('value="ghost@example.com"')
    // an open job is there, whatever its list is filtered by
    const { id } = await queued({ name: 'Found all the same' })
    const beside = await page(await browser.get(`/admin/jobs/${id}?owner=ghost@example.com`))
    expect(beside).toContain('Nobody here has the address')
    expect(beside).toContain('Found all the same')
    expect(await page(await browser.get('/admin/jobs?cursor=nonsense'), 422)).toContain('not a cursor')
  })

  test('has an empty state for a filter that nothing matches, and for a page that ran empty', async () => {
    const nothing = await page(await browser.get(`/admin/jobs?agent=${retired}`))
    expect(nothing).toContain('No job matches')
    await queued()
    await queued()
    const some = await admin.call<{ nextCursor: string }>(
      'GET',
      `/api/admin/jobs?agent=${resting.id}&limit=1`,
    )
    const [list, way, plan] = JSON.parse(Buffer.from(some.nextCursor, 'base64url').toString()) as string[]
    const cursor = Buffer.from(JSON.stringify([list, way, plan, 1, 'x'])).toString('base64url')
    const empty = await page(await browser.get(`/admin/jobs?agent=${resting.id}&cursor=${cursor}`))
    expect(empty).toContain('No job is on this page any more')
    expect(empty).toContain(`/admin/jobs?agent=${resting.id}"`)
  })

  test('stays beside an open job: same filter, the job marked, the way back to its row', async () => {
    const job = await queued()
    const text = await page(await browser.get(`/admin/jobs/${job.id}?agent=${resting.id}`))
    expect(text).toMatch(
      new RegExp(`<a aria-current="page"[^>]*href="/admin/jobs/${job.id}\\?agent=${resting.id}"`),
    )
    expect(text).toContain(`href="/admin/jobs?agent=${resting.id}#job-${job.id}"`)
    for (const verb of ['reassign', 'complete', 'resubmit', 'cancel']) {
      expect(text).toContain(`href="/admin/jobs/${job.id}/${verb}?agent=${resting.id}"`)
    }
    // a job that left the filter: the way back leads to where it was
    const other = await page(await browser.get(`/admin/jobs/${job.id}?status=FAILED`))
    expect(other).not.toContain('aria-current="page" class="flex flex-col')
  })
})

describe('before it is done', () => {
  test('each page shows what is cut off, what the job is held to, who gets it and how busy they are', async () => {
    const job = await running({ acceptanceCriteria: '- It counts\n- It is right' })
    for (const verb of ['resubmit', 'complete', 'reassign', 'cancel']) {
      const text = await page(await browser.get(`/admin/jobs/${job.id}/${verb}${at}`))
      expect(text, verb).toMatch(/Attempt 1<\/span> by <bdi>Slow<\/bdi>, running since <time/)
      expect(text, verb).toMatch(/<ol[^>]*><li[^>]*>It counts<\/li><li[^>]*>It is right<\/li>/)
      expect(text, verb).toContain(
        `action="/admin/jobs/${job.id}/${verb}?status=FAILED&amp;agent=none&amp;cursor=`,
      )
    }
    await queued()
    const again = await page(await browser.get(`/admin/jobs/${job.id}/resubmit`))
    expect(again).toMatch(/Who gets it[\s\S]*Slow[\s\S]*\d of 100 running/)
    const given = await page(await browser.get(`/admin/jobs/${job.id}/reassign`))
    expect(given).toMatch(/\d+ for <bdi[^>]*>Resting/)
    expect(given).toContain('Choosing Slow again is allowed')
    expect(given).not.toMatch(/<label[^>]*>[^<]*Leaving/)
    const later = await olive.createJob({ runAfter: '2031-01-01T00:00:00Z' })
    const pending = await page(await browser.get(`/admin/jobs/${later.id}/resubmit`))
    expect(pending).toContain('You can resubmit a job that is')
    expect(pending).not.toContain('Who gets it')
    const none = await page(await browser.get(`/admin/jobs/${later.id}/cancel`))
    expect(none).toContain('None runs: nothing is cut off.')
  })
})

describe('by form, without JavaScript', () => {
  test('resubmit cuts off what runs and leads back beside the same list', async () => {
    const job = await running()
    const answer = await post(`/admin/jobs/${job.id}/resubmit${at}`, { version: job.version })
    expect(leadsTo(answer)).toBe(`/admin/jobs/${job.id}${at}`)
    await olive.jobIn(job.id, 'IN_PROGRESS')
    const attempts = await until(async () => {
      const { data } = await admin.call<{ data: { outcome: string }[] }>(
        'GET',
        `/api/jobs/${job.id}/attempts`,
      )
      return data.length === 2 && data
    })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['REPLACED', 'RUNNING'])
    await post(`/admin/jobs/${job.id}/cancel`)
  })

  test('complete needs a reason, keeps what was typed, and checks the result', async () => {
    const job = await failed()
    const path = `/admin/jobs/${job.id}/complete`
    const noReason = await page(
      await post(path, { reason: ' ', result: '{"kept": 1}', resultFormat: 'json' }),
      422,
    )
    expect(noReason).toContain('Give a reason: it waives every criterion.')
    expect(noReason).toContain('{&quot;kept&quot;: 1}</textarea>')
    const bad = await page(
      await post(path, { reason: 'By hand', result: '{"a": 1,\r\n "b": [1,]}', resultFormat: 'json' }),
      422,
    )
    expect(bad).toContain('This is not JSON, at line 2, column 10')
    expect(bad).toContain('By hand</textarea>')
    const long = await post(path, { reason: 'x', result: `"${'x'.repeat(500_001)}"`, resultFormat: 'json' })
    expect(await page(long, 422)).toContain('at most 500,000 characters')
    const answer = await post(path + at, {
      ...{ version: job.version, reason: 'Done by hand' },
      ...{ result: ' {"big": 12345678901234567890} ', resultFormat: 'json' },
    })
    expect(leadsTo(answer)).toBe(`/admin/jobs/${job.id}${at}`)
    const whole = await (await admin.send('GET', `/api/admin/jobs/${job.id}`)).text()
    expect(whole).toContain('"result":{"big": 12345678901234567890}')
    expect(JSON.parse(whole)).toMatchObject({ status: 'COMPLETED', completedByAdmin: true })
    const log = await logOf(job.id)
    expect(log.at(-1)?.message).toBe(
      'Completed by an admin, who waives every acceptance criterion: Done by hand',
    )
  })

  test('the result may be text, kept as it is; left empty the job keeps what it has; the mark stays', async () => {
    const first = await failed()
    await post(`/admin/jobs/${first.id}/complete`, {
      ...{ reason: 'Known', result: 'not {JSON}\r\n at all', resultFormat: 'text' },
    })
    expect(await apiJob(first.id)).toMatchObject({ status: 'COMPLETED', result: 'not {JSON}\n at all' })
    const second = await reviewed()
    for (const [n, result] of ['', ' null\r\n'].entries()) {
      const { id } = n === 0 ? second : await reviewed()
      await post(`/admin/jobs/${id}/complete`, { reason: 'Good enough', result, resultFormat: 'json' })
      expect(await apiJob(id)).toMatchObject({ status: 'COMPLETED', result: { words: 2 } })
    }
    expect(leadsTo(await post(`/admin/jobs/${second.id}/resubmit`))).toBe(`/admin/jobs/${second.id}`)
    expect(await apiJob(second.id)).toMatchObject({ completedByAdmin: true })
    expect(await page(await browser.get(`/admin/jobs/${second.id}`))).toContain('Completed by admin')
    expect(await page(await browser.get('/admin/jobs'))).toContain('data-by-admin')
  })

  test('reassign: a missing, an unknown and a retired agent are refused at the field; a paused one is taken and warned of', async () => {
    const job = await running()
    const path = `/admin/jobs/${job.id}/reassign`
    expect(await page(await post(path, { version: job.version }), 422)).toContain('Choose an agent.')
    for (const agentId of ['nobody', retired]) {
      const text = await page(await post(path, { version: job.version, agentId }), 422)
      expect(text).toContain('There is no such agent, or it is retired.')
    }
    expect((await apiJob(job.id)).version).toBe(job.version)
    expect(await page(await browser.get(path))).toContain('starts nothing until an admin resumes it')
    const answer = await post(path + at, { version: job.version, agentId: resting.id })
    expect(leadsTo(answer)).toBe(`/admin/jobs/${job.id}${at}`)
    const after = await page(await browser.get(`/admin/jobs/${job.id}`))
    expect(after).toContain('Resting is paused.')
    expect(await apiJob(job.id)).toMatchObject({
      status: 'ASSIGNED',
      assignedAgentId: resting.id,
      result: null,
    })
  })

  test('reassign to the agent that it has starts it afresh', async () => {
    const job = await running()
    await post(`/admin/jobs/${job.id}/reassign`, { agentId: slow.id, version: job.version })
    const attempts = await until(async () => {
      const { data } = await admin.call<{ data: { outcome: string; error: string }[] }>(
        'GET',
        `/api/jobs/${job.id}/attempts`,
      )
      return data.length === 2 && data
    })
    expect(attempts[0]).toMatchObject({ outcome: 'REPLACED', error: 'An admin had the job started afresh.' })
    await post(`/admin/jobs/${job.id}/cancel`)
  })

  test('opened on an older version: 409 with what happened in between, what was typed, and the version of now', async () => {
    const job = await queued({ name: 'Before' })
    await olive.call('PATCH', `/api/jobs/${job.id}`, { name: 'After' })
    const answer = await post(`/admin/jobs/${job.id}/complete`, {
      ...{ version: job.version, reason: 'Typed with care', result: 'and this', resultFormat: 'text' },
    })
    const text = await page(answer, 409)
    expect(text).toContain('has changed since you opened it')
    expect(text).toContain('Changed name from “Before” to “After”.')
    expect(text).toContain('Typed with care</textarea>')
    expect(text).toContain('and this</textarea>')
    expect(text).toMatch(/<input type="radio"[^>]*checked=""[^>]*value="text"|value="text"[^>]*checked=""/)
    expect(text).toContain('<bdi>After</bdi>')
    expect(text).toContain('<input type="hidden" name="version" value="2"/>')
    const choice = await page(
      await post(`/admin/jobs/${job.id}/reassign`, { version: job.version, agentId: slow.id }),
      409,
    )
    expect(choice).toMatch(new RegExp(`checked=""[^>]*value="${slow.id}"|value="${slow.id}"[^>]*checked=""`))
    expect(await apiJob(job.id)).toMatchObject({ status: 'ASSIGNED', version: 2 })
    expect(leadsTo(await post(`/admin/jobs/${job.id}/cancel`, { version: 2 }))).toBe(`/admin/jobs/${job.id}`)
  })

  test('of the wrong status: 409 says why, keeps what was typed, and offers no button', async () => {
    const job = await failed()
    await admin.call('POST', `/api/admin/jobs/${job.id}/complete`, { reason: 'Somebody was faster' })
    const fields = { version: job.version, reason: 'Mine', result: '', resultFormat: 'json' }
    const text = await page(await post(`/admin/jobs/${job.id}/complete`, fields), 409)
    expect(text).toContain('this one is completed')
    expect(text).toContain('Somebody was faster')
    expect(text).toContain('Mine</textarea>')
    expect(text).not.toMatch(/<button type="submit"[^>]*>Complete job/)
    const opened = await page(await browser.get(`/admin/jobs/${job.id}/cancel`))
    expect(opened).toContain('You can cancel a job that is')
    expect(await page(await post(`/admin/jobs/${job.id}/cancel`), 409)).toContain('this one is completed')
  })

  test('accept, send back, answer, archive, edit and purge have their place beside the list, too', async () => {
    const accepted = await reviewed()
    expect(leadsTo(await post(`/admin/jobs/${accepted.id}/accept${at}`))).toBe(
      `/admin/jobs/${accepted.id}${at}`,
    )
    const returned = await reviewed()
    expect(await page(await post(`/admin/jobs/${returned.id}/send-back`, { feedback: '' }), 422)).toContain(
      'Give feedback',
    )
    leadsTo(await post(`/admin/jobs/${returned.id}/send-back${at}`, { feedback: 'More of it' }))
    const edited = await queued()
    const text = await page(await browser.get(`/admin/jobs/${edited.id}/edit${at}`))
    expect(text).toContain(`href="/admin/jobs/${edited.id}?status=FAILED`)
    const change = {
      name: 'Edited',
      description: 'x',
      acceptanceCriteria: 'y',
      agentId: resting.id,
      version: 1,
    }
    expect(leadsTo(await post(`/admin/jobs/${edited.id}/edit${at}`, change))).toBe(
      `/admin/jobs/${edited.id}${at}`,
    )
    expect(await page(await post(`/admin/jobs/${edited.id}/purge`), 409)).toContain('Only a closed job')
    leadsTo(await post(`/admin/jobs/${edited.id}/cancel`))
    leadsTo(await post(`/admin/jobs/${edited.id}/archive`))
    expect((await apiJob(edited.id)).archivedAt).not.toBeNull()
    expect(await page(await post(`/admin/jobs/${edited.id}/purge`, { version: 1 }), 409)).toContain(
      'Archived.',
    )
    expect(leadsTo(await post(`/admin/jobs/${edited.id}/purge${at}`))).toBe(`/admin/jobs${at}`)
    expect((await browser.get(`/admin/jobs/${edited.id}`)).status).toBe(404)
    expect((await olive.send('GET', `/api/jobs/${edited.id}`)).status).toBe(404)
  })

  test('an ordinary user finds nothing there', async () => {
    const job = await queued()
    for (const path of ['', `/${job.id}`, `/${job.id}/complete`]) {
      const text = await page(await oliveBrowser.get(`/admin/jobs${path}`), 404)
      expect(text).toContain('<title>This page can’t be shown · Docket</title>')
    }
    for (const path of [
      '',
      '/agents',
      '/agents/new',
      '/users',
      '/users/invitations',
      '/audit',
      '/retention',
      '/backups',
    ]) {
      const text = await page(await oliveBrowser.get(`/admin${path}`), 404)
      expect(text, path).toContain('<title>This page can’t be shown · Docket</title>')
    }
    expect(await page(await browser.get('/admin/jobs'))).toContain('<title>All jobs · Docket</title>')
    const answer = await oliveBrowser.postForm(`/admin/jobs/${job.id}/complete`, {
      reason: 'Mine',
      resultFormat: 'json',
    })
    expect(answer.status).toBe(404)
    expect((await apiJob(job.id)).status).toBe('ASSIGNED')
  })
})

describe('by JSON', () => {
  test('lists by status, agent and owner, pages on, and says which filter is wrong', async () => {
    const job = await queued()
    type List = { data: Job[]; nextCursor: string | null }
    const list = (query: object) =>
      admin.call<List>(
        'GET',
        `/api/admin/jobs?${new URLSearchParams({ ...query } as Record<string, string>)}`,
      )
    const ids = ({ data }: List) => data.map(({ id }) => id)
    const narrow = { agent: resting.id, owner: oliveEmail, status: 'assigned' }
    expect(ids(await list(narrow))).toContain(job.id)
    expect(ids(await list({ ...narrow, agent: 'none' }))).not.toContain(job.id)
    const first = await list({ ...narrow, limit: '1' })
    expect(ids(first)).toEqual([job.id])
    const next = await list({ ...narrow, limit: '1', cursor: first.nextCursor })
    expect(next.data).toHaveLength(1)
    expect(ids(next)).not.toContain(job.id)
    const wrong = await refused(await admin.send('GET', '/api/admin/jobs?status=x&agent=y&owner=z@z.z'), 422)
    expect(Object.keys(wrong.errors ?? {})).toEqual(['status', 'agent', 'owner'])
  })

  test('answers a conditional GET, which a purge ends', async () => {
    const job = await failed()
    const one = await admin.send('GET', `/api/admin/jobs/${job.id}`)
    const same = { 'if-none-match': one.headers.get('etag') ?? '' }
    expect((await admin.send('GET', `/api/admin/jobs/${job.id}`, undefined, same)).status).toBe(304)
    const path = '/api/admin/jobs?status=FAILED'
    const all = { 'if-none-match': (await admin.send('GET', path)).headers.get('etag') ?? '' }
    expect((await admin.send('GET', path, undefined, all)).status).toBe(304)
    expect(await admin.call('DELETE', `/api/admin/jobs/${job.id}`)).toEqual({ id: job.id, purged: true })
    expect((await admin.send('GET', path, undefined, all)).status).toBe(200)
    expect((await admin.send('GET', `/api/admin/jobs/${job.id}`)).status).toBe(404)
    expect((await admin.send('DELETE', `/api/admin/jobs/${job.id}`)).status).toBe(404)
  })

  test('archive is for owners and admins, purge for admins', async () => {
    const [one, two] = [await failed(), await failed()]
    expect((await olive.send('POST', `/api/jobs/${one.id}/archive`, { version: 1 })).status).toBe(409)
    const archived = await olive.call<{ archivedAt: string | null }>(
      'POST',
      `/api/jobs/${one.id}/archive`,
      {},
    )
    expect(archived.archivedAt).not.toBeNull()
    expect((await olive.send('POST', `/api/jobs/${one.id}/archive`, {})).status).toBe(409)
    const byAdmin = await admin.call<ApiJob>('POST', `/api/admin/jobs/${two.id}/archive`, {})
    expect(byAdmin).toMatchObject({ id: two.id, status: 'FAILED', warnings: [] })
    const purge = `/api/admin/jobs/${one.id}/purge`
    expect((await olive.send('POST', purge, {})).status).toBe(404)
    expect((await admin.send('POST', purge, { version: 1 })).status).toBe(409)
    expect(await admin.call('POST', purge, {})).toEqual({ id: one.id, purged: true })
    expect((await olive.send('GET', `/api/jobs/${one.id}`)).status).toBe(404)
  })

  test('resubmit, complete, reassign and cancel answer with the job', async () => {
    const call = (id: string, verb: string, body: object = {}) =>
      admin.call<Job>('POST', `/api/admin/jobs/${id}/${verb}`, body)
    const { id } = await failed()
    expect(await call(id, 'resubmit')).toMatchObject({ status: 'PENDING', failures: 0, warnings: [] })
    await olive.jobIn(id, 'FAILED')
    const done = await call(id, 'complete', { reason: 'By hand', result: { ok: true } })
    expect(done).toMatchObject({ status: 'COMPLETED', completedByAdmin: true, result: { ok: true } })
    const job = await running()
    const given = await call(job.id, 'reassign', { agentId: resting.id, version: job.version })
    expect(given).toMatchObject({ status: 'ASSIGNED', assignedAgentId: resting.id })
    expect(given.warnings?.join()).toMatch(/Resting is paused/)
    expect(await call(job.id, 'cancel')).toMatchObject({ status: 'CANCELED', warnings: [] })
  })

  test('a result keeps every digit; null or none keeps what there is; what can not be kept exactly is refused', async () => {
    const { id } = await failed()
    const send = (body: string) =>
      fetch(`${server.origin}/api/admin/jobs/${id}/complete`, {
        ...{ method: 'POST', body },
        headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      })
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    for (const result of ['{"a": 1, "a": 2}', deep, `"${'x'.repeat(500_001)}"`]) {
      const problem = await refused(await send(`{"reason": "r", "result": ${result}}`), 422)
      expect(problem.errors).toHaveProperty('result')
    }
    const answer = await send('{"reason": "r", "result": [12345678901234567890, 1.0, "\\ud800"]}')
    expect(await answer.text()).toContain('"result":[12345678901234567890,1.0,"\ufffd"]')
    const second = await reviewed()
    expect(
      await admin.call('POST', `/api/admin/jobs/${second.id}/complete`, { reason: 'r', result: null }),
    ).toMatchObject({ result: { words: 2 } })
  })

  test('refuses with the reason, field by field', async () => {
    const job = await queued()
    const send = (verb: string, body: object) => admin.send('POST', `/api/admin/jobs/${job.id}/${verb}`, body)
    expect((await refused(await send('complete', {}), 422)).errors).toHaveProperty('reason')
    for (const agentId of [undefined, '', 'nobody', retired]) {
      expect((await refused(await send('reassign', { agentId }), 422)).errors).toHaveProperty('agentId')
    }
    await olive.call('PATCH', `/api/jobs/${job.id}`, { name: 'Another' })
    for (const [verb, body] of Object.entries({
      complete: { reason: 'r' },
      reassign: { agentId: slow.id },
      cancel: {},
      resubmit: {},
    })) {
      const stale = await refused(await send(verb, { ...body, version: 1 }), 409)
      expect(stale, verb).toMatchObject({ reason: 'stale_version' })
      expect(stale.changes).toMatchObject([
        { version: 2, what: expect.stringMatching(/^Changed name from “.+” to “Another”\.$/), who: 'Olive' },
      ])
    }
    expect((await admin.send('DELETE', `/api/admin/jobs/${job.id}`)).status).toBe(409)
    await send('complete', { reason: 'r' })
    for (const [verb, body] of Object.entries({
      complete: { reason: 'r' },
      cancel: {},
      reassign: { agentId: slow.id },
    })) {
      expect(await refused(await send(verb, body), 409), verb).toMatchObject({ reason: 'wrong_status' })
    }
    expect((await admin.send('POST', '/api/admin/jobs/none/cancel', {})).status).toBe(404)
  })

  test("an ordinary user's token gets 404, their own job's too", async () => {
    const job = await queued()
    const paths = {
      GET: ['', `/${job.id}`],
      POST: ['resubmit', 'complete', 'reassign', 'cancel'].map((v) => `/${job.id}/${v}`),
    }
    for (const [method, all] of Object.entries(paths)) {
      for (const path of all) {
        expect(
          (await olive.send(method, `/api/admin/jobs${path}`, method === 'GET' ? undefined : {})).status,
        ).toBe(404)
      }
    }
    expect((await olive.send('DELETE', `/api/admin/jobs/${job.id}`)).status).toBe(404)
  })
})

describe('retention', () => {
  interface Retention {
    archiveAfterDays: number | null
    purgeAfterDays: number | null
    version: number
    wouldPurge: { count: number } | null
  }
  const path = '/api/admin/retention'

  test('by JSON: off at first, changed by admins, refused at the field', async () => {
    const first = await admin.call<Retention>('GET', path)
    expect(first).toMatchObject({
      archiveAfterDays: null,
      purgeAfterDays: null,
      wouldPurge: null,
      lastRun: null,
    })
    const saved = await admin.call<Retention>('PATCH', path, { archiveAfterDays: 30, version: first.version })
    expect(saved).toMatchObject({ archiveAfterDays: 30, wouldArchive: { count: 0, isMore: false } })
    expect((await admin.send('PATCH', path, { archiveAfterDays: 9, version: first.version })).status).toBe(
      409,
    )
    const refused = await admin.send('PATCH', path, { purgeAfterDays: 30 })
    expect(refused.status).toBe(422)
    expect(((await refused.json()) as { errors: object }).errors).toHaveProperty('purgeAfterDays')
    expect((await admin.send('PATCH', path, { archiveAfterDays: 0 })).status).toBe(422)
    expect((await olive.send('GET', path)).status).toBe(404)
    expect((await olive.send('PATCH', path, { archiveAfterDays: 1 })).status).toBe(404)
  })

  test('by form: to purge more than before is asked for first, and what was typed is kept', async () => {
    const { version } = await admin.call<Retention>('GET', path)
    const fields = { archiveAfterDays: '30', purgeAfterDays: '365', version: String(version) }
    const asked = await page(await post('/admin/retention', fields), 422)
    expect(asked).toMatch(/Confirm that 0 jobs closed before .* are purged for good/)
    expect(asked).toContain('value="365"')
    expect((await admin.call<Retention>('GET', path)).purgeAfterDays).toBeNull()
    expect(leadsTo(await post('/admin/retention', { ...fields, confirmed: 'on' }))).toBe(
      '/admin/retention?saved',
    )
    expect(await page(await browser.get('/admin/retention?saved'))).toContain('0 jobs closed before')
    // to purge later needs no word, and stale settings are a conflict
    const later = { ...fields, purgeAfterDays: '730', version: String(version + 1) }
    leadsTo(await post('/admin/retention', later))
    expect((await post('/admin/retention', { ...later, purgeAfterDays: '900' })).status).toBe(409)
    leadsTo(await post('/admin/retention', { archiveAfterDays: '', purgeAfterDays: '' }))
    expect(await admin.call('GET', path)).toMatchObject({ archiveAfterDays: null, purgeAfterDays: null })
  })
})

test('an agent that runs is ended by each force verb, and what it hands in afterwards is one late row and not the result', async () => {
  // told to stop, it writes a result all the same
  const stubborn = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
    ...{ name: 'Stubborn', kind: 'command', concurrency: 10 },
    config: {
      argv: [
        'node',
        '-e',
        `process.on('SIGTERM', () => { console.log(JSON.stringify({ type: 'result', result: 'too late' })); process.exit(0) })
         console.log('at it'); setInterval(() => {}, 1000)`,
      ],
    },
  })
  for (const [verb, body] of Object.entries({
    reassign: { agentId: resting.id },
    complete: { reason: 'Known', result: 'by hand' },
    cancel: {},
  })) {
    const { id } = await olive.createJob({ agentId: stubborn.id })
    await until(async () => (await logOf(id)).some(({ message }) => message === 'at it'))
    const after = await admin.call<Job>('POST', `/api/admin/jobs/${id}/${verb}`, body)
    await until(async () => {
      const { data } = await admin.call<{ data: { id: string; running: number }[] }>(
        'GET',
        '/api/admin/agents',
      )
      return data.find((agent) => agent.id === stubborn.id)?.running === 0
    })
    expect(await apiJob(id), verb).toMatchObject({
      status: after.status,
      result: after.result,
      version: after.version,
    })
    const { data } = await admin.call<{ data: { outcome: string; result: unknown }[] }>(
      'GET',
      `/api/jobs/${id}/attempts`,
    )
    expect(data).toMatchObject([{ outcome: verb === 'cancel' ? 'CANCELED' : 'REPLACED', result: null }])
    const late = async () => (await logOf(id)).filter(({ kind }) => kind === 'late')
    await until(async () => (await late()).length > 0)
    expect(await late()).toMatchObject([{ responsePayload: 'too late', version: after.version }])
  }
})
