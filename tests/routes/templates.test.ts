import { afterAll, beforeAll, expect, test } from 'vitest'
import { templateFormValue } from '~/domain/templates/form'
import { starters } from '~/domain/templates/starters'
import { Script, signUp } from '../support/api'
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
  const after = await seen(await browser.get(made.headers.get('location') as string))
  expect(after).toContain('The jobs of the file are handed in')
  expect((await browser.postForm(at, { csv, make: 'good', idempotencyKey })).status).toBe(303)
  const { data } = await script.call<{ data: { name: string }[] }>('GET', '/api/jobs?q=row')
  expect(data.map(({ name }) => name).sort()).toEqual(['Row 1', 'Row 3'])
  await seen(await browser.postForm(at, { csv: '' }), 422)
})

test('a file that can be looked at can be handed in; a larger one is refused with the form', async () => {
  const template = await script.call<{ id: string }>('POST', '/api/templates', {
    name: 'Of a large file',
    job: { name: 'Large {{n}}', description: '/stats\n{{text}}', acceptanceCriteria: 'c' },
    variables: [
      { name: 'n', type: 'number' },
      { name: 'text', type: 'longtext' },
    ],
  })
  const at = `/templates/${template.id}/csv`
  const upload = (csv: string, more: Record<string, string> = {}) => {
    const form = new FormData()
    form.set('file', new File([csv], 'rows.csv', { type: 'text/csv' }))
    form.set('csv', '')
    for (const [name, value] of Object.entries(more)) form.set(name, value)
    return browser.postForm(at, {}, { body: form })
  }
  // many ends of lines, each of which is one byte in the file and two in a form
  const row = (n: number) => `${n},"${'word\n'.repeat(160)}"\n`
  const csv = `n,text\n${Array.from({ length: 1000 }, (_, n) => row(n)).join('')}`
  expect(csv.length).toBeGreaterThan(800_000)
  expect(csv.replaceAll('\n', '\r\n').length).toBeLessThan(1_000_000)
  expect(await seen(await upload(csv))).toContain('1,000 jobs can be made')
  const form = new FormData()
  form.set('csv', csv.replaceAll('\n', '\r\n'))
  form.set('make', 'all')
  form.set('idempotencyKey', crypto.randomUUID())
  expect((await browser.postForm(at, {}, { body: form })).status).toBe(303)
  const { data } = await script.call<{ data: unknown[] }>('GET', '/api/jobs?q=large&limit=100')
  expect(data).toHaveLength(100)

  const larger = `${csv}${'\n'.repeat(40_000)}`
  expect(await seen(await upload(larger), 422)).toContain('It is larger than 1,000,000 bytes. Split it.')
})

test('a file is text in UTF-8 or UTF-16; what is neither is refused with the form', async () => {
  const { id } = await script.call<{ id: string }>('POST', '/api/templates', {
    name: 'Of encodings',
    job: { name: 'Read {{n}}', description: 'd', acceptanceCriteria: 'c' },
  })
  const upload = (bytes: Uint8Array<ArrayBuffer>, name = 'rows;"1".csv') => {
    const form = new FormData()
    form.set('file', new File([bytes], name, { type: 'text/csv' }))
    form.set('csv', 'typed')
    return browser.postForm(`/templates/${id}/csv`, {}, { body: form })
  }
  expect(await seen(await upload(Buffer.from('n\nWhat \ufffd means “über”\n')))).toContain(
    'Read What \ufffd means',
  )
  expect(await seen(await upload(Buffer.from('\ufeffN\tm\nZürich\t\n', 'utf16le')), 422)).toContain(
    '“m” is none of',
  )
  expect(await seen(await upload(Buffer.from('\ufeffN\t\nZürich\t\n', 'utf16le')))).toContain('Read Zürich')
  for (const bytes of [
    Buffer.from('n\nZ\u00fcrich\n', 'latin1'),
    Buffer.from('n\nZ\u00fc').subarray(0, -1),
  ]) {
    const refused = await seen(await upload(bytes), 422)
    expect(refused).toContain('It is not UTF-8 text. Save it as “CSV UTF-8”.')
    expect(refused).toContain('>typed</textarea>')
  }
})

test('a starter fills the form, and is a template once it is sent', async () => {
  const list = new Client(server.origin)
  await list.postForm('/signup', {
    ...{ name: 'New', email: 'new@example.com' },
    ...{ password: 'a long enough phrase', passwordConfirm: 'a long enough phrase' },
  })
  // what others share would be listed in its place
  const form = await seen(await list.get('/templates/new?starter=contacts'))
  expect(form).toContain('value="Contact details of a message"')
  expect(form).toContain('name="var_type_kind"')
  for (const { slug, ...starter } of starters) {
    const sent = { ...templateFormValue(starter), review: 'required', priority: '', maxAttempts: '' }
    const saved = await list.postForm('/templates/new', { ...sent, timeoutSeconds: '' })
    expect(saved.status, slug).toBe(303)
  }
  expect(await seen(await list.get('/templates'))).toContain('Length of a draft')
})

test('a job says what it was made from, as long as its owner may see that', async () => {
  const template = await script.call<{ id: string; version: number }>('POST', '/api/templates', {
    name: 'Mother of jobs',
    shared: true,
    job: { name: 'Child', description: '/stats\nx', acceptanceCriteria: 'c' },
  })
  const person = await signUp(server, 'Child')
  const theirs = await Script.signIn(server, person)
  const make = (by: Script) =>
    by.call<{ id: string; templateId: string }>('POST', `/api/templates/${template.id}/jobs`, {})
  const [own, other] = [await make(script), await make(theirs)]
  expect(own.templateId).toBe(template.id)
  const link = `href="/templates/${template.id}"`
  const shown = async () => [
    await seen(await browser.get(`/jobs/${own.id}`)),
    await seen(await browser.get(`/admin/jobs/${other.id}`)),
    await seen(await person.client.get(`/jobs/${other.id}`)),
  ]
  for (const page of await shown()) {
    expect(page).toContain(link)
    expect(page).toContain('Mother of jobs')
  }
  await script.call('PATCH', `/api/templates/${template.id}`, { shared: false })
  const [mine, desk, child] = await shown()
  expect(mine).toContain(link)
  for (const page of [desk, child]) expect(page).toContain('removed, or no longer shared')
  await script.send('DELETE', `/api/templates/${template.id}`, {})
  for (const page of await shown()) expect(page).not.toContain(link)
})

test('braces that are no blank get a warning, when they are looked at, saved and read', async () => {
  const odd = { ...fields, ...settings, name: 'Odd', jobDescription: '{{due-date}} of {{topic}}' }
  const warning = '{{due-date}} is not filled in.'
  expect(await seen(await browser.postForm('/templates/new', { ...odd, look: 'yes' }))).toContain(warning)
  const saved = await browser.postForm('/templates/new', odd)
  const at = saved.headers.get('location') as string
  expect(await seen(await browser.get(at))).toContain(warning)
  const [id] = at.split('/').slice(-1).join().split('?')
  const read = () => script.call<{ warning: string | null }>('GET', `/api/templates/${id}`)
  expect((await read()).warning).toContain(warning)
  const job = { name: 'Due {{due_date}}', description: 'd', acceptanceCriteria: 'c' }
  await script.call('PATCH', `/api/templates/${id}`, { job })
  expect((await read()).warning).toBeNull()
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
  const written = `{"values":{"n":12345678901234567890.10}}`
  const exact = await script.sendText('POST', `/api/templates/${id}/jobs`, written)
  expect(await exact.json()).toMatchObject({ name: 'Count 12345678901234567890.10' })
  const deep = `{"values":{"n":1},"more":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  expect((await script.sendText('POST', `/api/templates/${id}/jobs`, deep)).status).toBe(400)
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
