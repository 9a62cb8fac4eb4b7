import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signUp } from '../support/api'
import { Client, type Fields } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** Batches by their forms, as a browser without JavaScript sends them: tick, confirm, see what became of each job. */

let server: TestServer
let olive: Awaited<ReturnType<typeof signUp>>
let script: Script
let sam: Awaited<ReturnType<typeof signUp>>
let admin: Client
let adminScript: Script

beforeAll(async () => {
  server = await startServer({ admin: true })
  olive = await signUp(server, 'Olive')
  script = await Script.signIn(server, olive)
  sam = await signUp(server, 'Sam')
  admin = new Client(server.origin)
  await admin.postForm('/login', { email: ADMIN.email, password: ADMIN.password })
  adminScript = await Script.signIn(server)
})
afterAll(() => server.dispose())

/** For later, so that no agent begins them. */
const later = { runAfter: '2099-01-01T00:00:00Z' }
const jobs = (by: Script, count: number, input: object = {}) =>
  Promise.all(Array.from({ length: count }, () => by.createJob({ ...later, ...input })))
const idsOf = (made: ApiJob[]) => made.map(({ id }) => id)

async function refused(answer: Response, status: number): Promise<string> {
  const html = await answer.text()
  expect(answer.status, html.slice(0, 500)).toBe(status)
  return html
}

/** The address that a form's answer leads to. */
function leadsTo(answer: Response): string {
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}

const draft = async (client: Client, fields: Fields) =>
  leadsTo(await client.postForm('/batches/new', { scope: 'own', query: '', ...fields }))
const page = async (client: Client, path: string) => {
  const answer = await client.get(path)
  return { status: answer.status, html: await answer.text() }
}
/** What is read, without the markup. */
const textOf = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

const over = (client: Client, path: string) =>
  until(async () => {
    const text = textOf((await page(client, path)).html)
    return /Progress (Done|Stopped)/.test(text) && text
  })

describe('from the list', () => {
  test('boxes, a page that asks, a page that tells', async () => {
    const [closed, ...open] = idsOf(await jobs(script, 4))
    await script.call('POST', `/api/jobs/${closed}/cancel`, {})
    const list = (await page(olive.client, '/jobs')).html
    const boxes = [...list.matchAll(/<input type="checkbox"[^>]*>/g)].map(String)
    for (const id of open) {
      const box = boxes.find((each) => each.includes(`value="${id}"`))
      expect(box).toContain('form="selection"')
      expect(box).toContain('name="id"')
    }

    const at = await draft(olive.client, { verb: 'cancel', id: [closed as string, ...open] })
    expect(at).toMatch(/^\/batches\/\w+$/)
    const asked = textOf((await page(olive.client, at)).html)
    expect(asked).toContain('Cancel 4 jobs?')
    expect(asked).toMatch(/It can be done 3 jobs/)
    expect(asked).toMatch(/this one is canceled\. 1 job/)
    for (const id of open) expect((await script.job(id)).status).toBe('PENDING')

    expect(leadsTo(await olive.client.postForm(`${at}/confirm`))).toBe(at)
    const told = await over(olive.client, at)
    expect(told).toMatch(/3 done 1 refused 0 left alone/)
    for (const id of open) expect((await script.job(id)).status).toBe('CANCELED')
    const refusals = textOf((await page(olive.client, `${at}?show=refused`)).html)
    expect(refusals).toContain('this one is canceled.')
    const list2 = (await page(olive.client, `/jobs?q=${encodeURIComponent(`batch:${at.split('/')[2]}`)}`))
      .html
    for (const id of [closed, ...open]) expect(list2).toContain(`value="${id}"`)

    // a second click changes nothing
    expect(leadsTo(await olive.client.postForm(`${at}/confirm`))).toBe(at)
    const retry = leadsTo(await olive.client.postForm(`${at}/retry`))
    expect(textOf((await page(olive.client, retry)).html)).toContain('There is nothing to do')
    expect(textOf((await page(olive.client, '/batches')).html)).toContain('Cancel 4 jobs')
  })

  test('ticks are kept from page to page by the address, and go with the form', async () => {
    const person = await signUp(server, 'Pia')
    const by = await Script.signIn(server, person)
    const made = idsOf(await jobs(by, 30))
      .sort()
      .reverse()
    const first = (await page(person.client, '/jobs?priority=0')).html
    const cursor = /name="cursor" value="([^"]+)"/.exec(first)?.[1]
    const keep = { scope: 'own', query: 'priority=0', id: made.slice(0, 2), cursor }
    const second = leadsTo(await person.client.postForm('/batches/new', keep))
    expect(second).toContain('priority=0')
    const { status, html } = await page(person.client, second)
    expect(status).toBe(200)
    expect(html).toContain(`name="picked" value="${made.slice(0, 2).join(',')}"`)
    expect(textOf(html)).toContain('2 jobs kept from other pages')

    const fields = { verb: 'addTag', picked: made.slice(0, 2).join(','), id: made.slice(28, 29) }
    const at = await draft(person.client, fields)
    expect(textOf((await page(person.client, at)).html)).toContain('Add a tag to 3 jobs?')

    // back to the page before, its boxes are ticked
    const back = /name="cursor" value="([^"]+)"/.exec(html)?.[1]
    const again = { scope: 'own', query: 'priority=0', picked: made.slice(0, 2).join(','), cursor: back }
    const before = (await page(person.client, leadsTo(await person.client.postForm('/batches/new', again))))
      .html
    const ticked = [...before.matchAll(/<input type="checkbox"[^>]*checked=""[^>]*>/g)].map(String).join()
    expect(ticked).toContain(made[0])
    expect(ticked).toContain(made[1])
    expect(ticked).not.toContain(made[2])
  })

  test('all that match, whatever page they are on', async () => {
    const person = await signUp(server, 'All')
    const by = await Script.signIn(server, person)
    await jobs(by, 28, { tags: ['red'] })
    await jobs(by, 2, { tags: ['blue'] })
    const list = textOf((await page(person.client, '/jobs')).html)
    expect(list).toContain('All 30…')
    const narrowed = (await page(person.client, '/jobs?q=tag%3Ared')).html
    expect(narrowed).toMatch(/<button[^>]*name="all"[^>]*value="1"/)
    const at = await draft(person.client, { verb: 'priority', query: '?q=tag%3Ared', all: '1' })
    expect(textOf((await page(person.client, at)).html)).toContain('Set the priority of 28 jobs?')

    const tooHigh = await refused(await person.client.postForm(`${at}/confirm`, { priority: 12 }), 422)
    expect(tooHigh).toMatch(/<input[^>]*name="priority"[^>]*value="12"/)
    expect(leadsTo(await person.client.postForm(`${at}/confirm`, { priority: 7 }))).toBe(at)
    expect(await over(person.client, at)).toContain('28 done')
    const { data } = await by.call<{ data: unknown[] }>('GET', '/api/jobs?priority=7&limit=100')
    expect(data).toHaveLength(28)
    // with something else it is another request
    const other = await refused(await person.client.postForm(`${at}/confirm`, { priority: 3 }), 409)
    expect(textOf(other)).toContain('This batch has been started already, with something else.')
  })

  test('all of a list that is not narrowed down, and never by mistake', async () => {
    const person = await signUp(server, 'Whole')
    await jobs(await Script.signIn(server, person), 2)
    const list = (await page(person.client, '/jobs?status=&q=')).html
    expect(list).toMatch(/<button[^>]*name="all"[^>]*value="true"/)
    const wrong = [
      [{ query: '', all: '1' }, 'The filter is empty'],
      [{ query: '?sort=name', all: '1' }, 'The filter is empty'],
      [{ query: '?stauts=FAILED', all: 'true' }, 'an unknown parameter: “stauts” (did you mean “status”?)'],
      [{ query: '?stauts=FAILED&q=x', all: '1' }, 'an unknown parameter: “stauts”'],
      [{ query: '', all: 'yes' }, 'Choose the jobs again.'],
    ] as const
    for (const [fields, message] of wrong) {
      const sent = { scope: 'own', verb: 'cancel', ...fields }
      const refusal = await refused(await person.client.postForm('/batches/new', sent), 422)
      expect(textOf(refusal), JSON.stringify(fields)).toContain(message)
    }
    const none = await refused(
      await person.client.postForm('/batches/new', { scope: 'own', verb: 'cancel' }),
      422,
    )
    expect(none).not.toContain('name="all"')
    const query = '?status=&q=&utm_source=mail&sort=name'
    const at = await draft(person.client, { verb: 'cancel', query, all: 'true' })
    expect(textOf((await page(person.client, at)).html)).toContain('Cancel 2 jobs?')
  })

  test('what lacks something is said on a page that keeps the rest', async () => {
    const ids = idsOf(await jobs(script, 2))
    const none = await refused(
      await olive.client.postForm('/batches/new', { scope: 'own', verb: 'cancel' }),
      422,
    )
    expect(textOf(none)).toContain('Tick at least one job.')
    const noVerb = await refused(await olive.client.postForm('/batches/new', { scope: 'own', id: ids }), 422)
    expect(textOf(noVerb)).toContain('Choose what is to be done.')
    expect(noVerb).toContain(`name="picked" value="${ids.join(',')}"`)
    const misread = { scope: 'own', verb: 'cancel', all: '1', query: 'q=status%3Anonsense' }
    expect(textOf(await refused(await olive.client.postForm('/batches/new', misread), 422))).toContain(
      'nonsense',
    )
    const foreign = { scope: 'all', verb: 'cancel', id: ids }
    expect((await olive.client.postForm('/batches/new', foreign)).status).toBe(404)
    await refused(
      await olive.client.postForm('/batches/new', { scope: 'own', verb: 'complete', id: ids }),
      403,
    )
    const kept = Array.from({ length: 101 }, (_, n) => `job-${n}`).join(',')
    const tooMany = { scope: 'own', picked: kept, cursor: 'next' }
    expect(textOf(await refused(await olive.client.postForm('/batches/new', tooMany), 422))).toContain(
      'At most 100 jobs can be kept from page to page.',
    )
  })
})

describe('whose it is', () => {
  test('a draft is its maker’s, to others it is not there; thrown away, it is gone', async () => {
    const ids = idsOf(await jobs(script, 1))
    const at = await draft(olive.client, { verb: 'cancel', id: ids })
    for (const other of [sam.client, admin]) {
      expect((await page(other, at)).status).toBe(404)
      for (const verb of ['confirm', 'stop', 'retry', 'drop'])
        expect((await other.postForm(`${at}/${verb}`)).status, verb).toBe(404)
    }
    expect(leadsTo(await olive.client.postForm(`${at}/drop`))).toBe('/jobs')
    expect((await page(olive.client, at)).status).toBe(404)
    expect((await script.job(ids[0] as string)).status).toBe('PENDING')
  })

  test('an admin reassigns everyone’s from the desk, and completes with a reason', async () => {
    const ids = idsOf(await jobs(script, 2))
    const { data: agents } = await adminScript.call<{ data: { id: string; name: string }[] }>(
      'GET',
      '/api/admin/agents',
    )
    const agent = agents[0] as { id: string; name: string }
    const reassign = await draft(admin, { scope: 'all', verb: 'reassign', id: ids })
    expect((await page(admin, reassign)).html).toContain(`name="agentId"`)
    await refused(await admin.postForm(`${reassign}/confirm`, { agentId: '' }), 422)
    leadsTo(await admin.postForm(`${reassign}/confirm`, { agentId: agent.id }))
    expect(await over(admin, reassign)).toContain('2 done')
    for (const id of ids) {
      expect((await script.job(id)).assignedAgentId).toBe(agent.id)
    }
    const complete = await draft(admin, { scope: 'all', verb: 'complete', id: ids })
    leadsTo(await admin.postForm(`${complete}/confirm`, { reason: 'Done by hand' }))
    expect(await over(admin, complete)).toContain('Done by hand')
    for (const id of ids) expect((await script.job(id)).status).toBe('COMPLETED')
    const audit = (await page(admin, '/admin/audit?action=batch.start')).html
    expect(audit).toContain(`href="${complete}"`)
    expect((await page(olive.client, complete)).status).toBe(404)
  })

  test('an owner archives theirs, an admin purges: the page asks, and says what became of each', async () => {
    const ids = idsOf(await jobs(script, 3))
    for (const id of ids) await script.call('POST', `/api/jobs/${id}/cancel`, {})
    expect(
      (await olive.client.postForm('/batches/new', { scope: 'own', query: '', verb: 'purge', id: ids }))
        .status,
    ).toBe(403)
    const archiving = await draft(olive.client, { verb: 'archive', id: ids.slice(0, 2) })
    expect((await page(olive.client, archiving)).html).toContain('They leave the lists.')
    leadsTo(await olive.client.postForm(`${archiving}/confirm`, {}))
    expect(await over(olive.client, archiving)).toContain('Archive 2 jobs')

    const purging = await draft(admin, { scope: 'all', verb: 'purge', id: ids })
    const asked = textOf((await page(admin, purging)).html)
    expect(asked).toContain('It can’t be undone.')
    expect(asked).toContain('Purge for good 3 jobs')
    expect((await script.send('GET', `/api/jobs/${ids[0]}`)).status).toBe(200)
    leadsTo(await admin.postForm(`${purging}/confirm`, {}))
    expect(await over(admin, purging)).toContain('A job that was purged')
    for (const id of ids) expect((await script.send('GET', `/api/jobs/${id}`)).status).toBe(404)
  })

  test('its maker’s is among everyone’s for admins, who may stop it and not start it', async () => {
    const ids = idsOf(await jobs(script, 1))
    const at = await draft(olive.client, { verb: 'addTag', id: ids })
    leadsTo(await olive.client.postForm(`${at}/confirm`, { tag: 'Seen' }))
    await over(olive.client, at)
    expect((await page(olive.client, '/batches?scope=all')).status).toBe(404)
    expect((await page(admin, '/batches?scope=all')).html).toContain(`href="${at}"`)
    for (const verb of ['stop', 'drop', 'confirm']) {
      await refused(await admin.postForm(`${at}/${verb}`, { tag: 'seen' }), 409)
    }
  })
})

test('an Idempotency-Key makes one batch of two requests', async () => {
  const ids = idsOf(await jobs(script, 2))
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  const send = (verb: string) => script.send('POST', '/api/batches', { verb, ids }, headers)
  const answers = await Promise.all([send('cancel'), send('cancel'), send('cancel')])
  const made = await Promise.all(
    answers.map(async (answer) => [answer.status, ((await answer.json()) as ApiJob).id]),
  )
  expect(new Set(made.map(String)).size, JSON.stringify(made)).toBe(1)
  expect(made[0]?.[0]).toBe(202)
  const other = await send('addTag')
  expect(other.status).toBe(422)
  const changed = await script.send('POST', '/api/batches', { verb: 'cancel', ids: ids.slice(1) }, headers)
  expect(changed.status).toBe(409)
  expect(await changed.json()).toMatchObject({ reason: 'idempotency_key_reused' })
})
