import { afterAll, beforeAll, expect, test } from 'vitest'
import { Script } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

let server: TestServer
let browser: Client
let script: Script

beforeAll(async () => {
  server = await startServer({ admin: true })
  browser = new Client(server.origin)
  await browser.postForm('/login', ADMIN)
  script = new Script(new Client(server.origin), (await Script.signIn(server, ADMIN)).token)
}, 60_000)
afterAll(() => server.dispose())

const fields = {
  ...{ name: 'Weekly report', about: 'For Mondays', jobName: 'Report on {{topic}}', review: 'required' },
  ...{ jobDescription: '/stats\n{{topic}}', acceptanceCriteria: 'It counts', tags: 'weekly', metadata: '' },
}
const settings = { var_type_topic: 'text', var_label_topic: 'Topic', var_required_topic: 'on' }
const seen = async (answer: Response, status = 200) => {
  const text = (await answer.text()).replaceAll('<!-- -->', '')
  expect(answer.status, text.slice(0, 300)).toBe(status)
  return text
}

test('by plain forms: a template whose blanks are asked for, a job from it, a change, its end', async () => {
  const asked = await seen(await browser.postForm('/templates/new', fields))
  expect(asked).toContain('Nothing is saved yet')
  expect(asked).toContain('name="var_type_topic"')
  expect(asked).toContain('value="Weekly report"')
  const saved = await browser.postForm('/templates/new', { ...fields, ...settings })
  expect(saved.status).toBe(303)
  const at = new URL(saved.headers.get('location') as string, server.origin).pathname
  const page = await seen(await browser.get(at))
  const [, key] = /name="idempotencyKey" value="([^"]+)"/.exec(page) ?? []
  const empty = await seen(await browser.postForm(at, { value_topic: '', idempotencyKey: key }), 422)
  expect(empty).toContain('Give a value.')
  const make = () => browser.postForm(at, { value_topic: 'tea', idempotencyKey: key })
  const [made, again] = [await make(), await make()]
  expect([made.status, again.status]).toEqual([303, 303])
  expect(again.headers.get('location')).toBe(made.headers.get('location'))
  expect(await seen(await browser.get(made.headers.get('location') as string))).toContain('Report on tea')
  const change = { ...fields, ...settings, about: 'For Tuesdays', version: 1 }
  expect((await browser.postForm(`${at}/edit`, change)).status).toBe(303)
  const stale = await seen(await browser.postForm(`${at}/edit`, { ...change, about: 'Kept' }), 409)
  expect(stale).toContain('value="Kept"')
  expect((await browser.postForm(`${at}/remove`, { version: 2 })).status).toBe(303)
  await seen(await browser.get(at), 404)
})

test('from a job, with what it says', async () => {
  const job = await script.createJob({ name: 'Once', description: 'do it', tags: ['a'] })
  const page = await seen(await browser.get(`/templates/new?job=${job.id}`))
  expect(page).toContain('value="Once"')
  await seen(await browser.get('/templates/new?job=nothing'), 404)
})

test('a CSV file: looked at, then handed in once', async () => {
  const template = await script.call<{ id: string }>('POST', '/api/templates', {
    name: 'From CSV',
    job: { name: 'Row {{n}}', description: 'd', acceptanceCriteria: 'c' },
    variables: [{ name: 'n', type: 'number' }],
  })
  const at = `/templates/${template.id}/csv`
  const form = new FormData()
  form.set('file', new File(['n\n1\nx\n3\n'], 'rows.csv', { type: 'text/csv' }))
  form.set('csv', '')
  const text = await seen(await browser.postForm(at, {}, { body: form }))
  expect(text).toContain('2 jobs can be made, 1 can’t')
  expect(text).toContain('Row 3')
  const [, idempotencyKey] = /name="idempotencyKey" value="([^"]+)"/.exec(text) ?? []
  const csv = 'n\r\n1\r\nx\r\n3\r\n'
  expect(await seen(await browser.postForm(at, { csv, make: 'all', idempotencyKey }), 422)).toContain(
    'Row 3, n',
  )
  const made = await browser.postForm(at, { csv, make: 'good', idempotencyKey })
  expect(made.headers.get('location')).toContain('made=2')
  expect((await browser.postForm(at, { csv, make: 'good', idempotencyKey })).status).toBe(303)
  const { data } = await script.call<{ data: { name: string }[] }>('GET', '/api/jobs?q=row')
  expect(data.map(({ name }) => name).sort()).toEqual(['Row 1', 'Row 3'])
  await seen(await browser.postForm(at, { csv: '' }), 422)
})

test('by JSON: what does not fit is said by its name; a dry run makes nothing', async () => {
  const { id } = await script.call<{ id: string }>('POST', '/api/templates', {
    name: 'By JSON',
    job: { name: 'Count {{n}}', description: 'd', acceptanceCriteria: 'c' },
    variables: [{ name: 'n', type: 'number' }],
  })
  const refused = await script.send('POST', `/api/templates/${id}/jobs`, { values: { n: 'many' } })
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ errors: { n: [expect.stringContaining('number')] } })
  const job = await script.call('POST', `/api/templates/${id}/jobs`, { values: { n: 7 } }, [201])
  expect(job).toMatchObject({ name: 'Count 7' })
  const body = { csv: 'n\n1\n', dryRun: true }
  expect(await script.call('POST', `/api/templates/${id}/csv`, body)).toMatchObject({
    rows: 1,
    good: 1,
    bad: [],
  })
  const changed = await script.call('PATCH', `/api/templates/${id}`, {
    job: { name: 'Plain', description: 'd', acceptanceCriteria: 'c' },
  })
  expect(changed).toMatchObject({ name: 'By JSON', variables: [], version: 2 })
  expect((await script.send('DELETE', `/api/templates/${id}`, { version: 1 })).status).toBe(409)
  expect((await script.send('DELETE', `/api/templates/${id}`, {})).status).toBe(204)
})
