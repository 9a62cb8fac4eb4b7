import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { templateFormValue } from '~/domain/templates/form'
import { starters } from '~/domain/templates/starters'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

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

  // what is too large to be sent once more is imported
  const larger = await upload(`${csv}${'\n'.repeat(40_000)}`)
  expect([larger.status, larger.headers.get('location')]).toEqual([303, expect.stringContaining('/batches/')])
})

describe('an import', () => {
  let template: string

  beforeAll(async () => {
    const job = { name: 'Imported {{n}}', description: '/stats\n{{text}}', acceptanceCriteria: 'c' }
    const variables = [
      { name: 'n', type: 'text' },
      { name: 'text', type: 'longtext', default: 'usual' },
    ]
    const wanted = { name: 'For imports', job, variables }
    template = (await script.call<{ id: string }>('POST', '/api/templates', wanted)).id
  })

  test('by plain forms: a large file is shown with its errors, and worked through', async () => {
    const long = 'word '.repeat(3900)
    const rows = Array.from({ length: 60 }, (_, n) => `row ${n + 2},${long},1\n`)
    const csv = `N,Text,Priority\n${rows.join('')},x,2\nlast,x,99\n`
    const form = new FormData()
    form.set('file', new File([csv], 'many rows.csv', { type: 'text/csv' }))
    form.set('csv', '')
    const draft = await browser.postForm(`/templates/${template}/csv`, {}, { body: form })
    expect(draft.status).toBe(303)
    const at = new URL(draft.headers.get('location') as string, server.origin).pathname
    const asked = await seen(await browser.get(at))
    for (const shown of ['Import 62 rows?', 'n: Give a value.', 'Imported row 2', 'Import 60 jobs']) {
      expect(asked).toContain(shown)
    }
    const bad = await seen(await browser.get(`${at}?show=refused`))
    expect(bad).toContain('Row 62<')
    expect(bad).toContain('Row 63<')
    expect((await browser.postForm(`${at}/confirm`)).headers.get('location')).toBe(at)
    const done = await until(async () => {
      const page = await seen(await browser.get(at))
      return page.includes('60 done') && page
    })
    expect(done).toContain('many rows.csv')
    expect(done).toContain('See these 60 jobs in the list')
    const id = at.split('/').at(-1) as string
    const { data } = await script.call<{ data: object[] }>('GET', `/api/jobs?q=batch:${id}&limit=1`)
    expect(data).toMatchObject([{ name: 'Imported row 61' }])
    const retry = await browser.postForm(`${at}/retry`)
    const again = new URL(retry.headers.get('location') as string, server.origin).pathname
    expect(await seen(await browser.get(again))).toContain('No row can be made into a job.')
    expect((await browser.postForm(`${again}/drop`)).headers.get('location')).toBe(
      `/templates/${template}/csv`,
    )
  })

  test('by plain forms: rows that are too many to be made at once', async () => {
    const csv = `n\n${'a\n'.repeat(1001)}`
    const draft = await browser.postForm(`/templates/${template}/csv`, { csv })
    expect([draft.status, draft.headers.get('location')]).toEqual([303, expect.stringContaining('/batches/')])
    await browser.postForm(`${draft.headers.get('location')}/drop`)
  })

  test('by script: looked at, refused, imported once, and told row by row', async () => {
    const send = (csv: string, search = '', headers: Record<string, string> = {}) =>
      script.client.json('POST', `/api/templates/${template}/imports${search}`, {
        token: script.token,
        text: csv,
        headers: { 'content-type': 'text/csv; charset=utf-8', ...headers },
      })
    const bad = 'n;priority\nx;1\n;1\n'
    expect(await (await send(bad, '?dryRun=true')).json()).toMatchObject({
      ...{ rows: 2, good: 1, first: [{ row: 2, name: 'Imported x' }] },
      bad: [{ row: 3, errors: { n: ['Give a value.'] } }],
    })
    const key = { 'idempotency-key': 'once' }
    const refused = await send(bad, '', key)
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { errors: { csv: ['Row 3, n: Give a value.'] } },
    ])
    expect((await send('n\n', '?onlyGood=true')).status).toBe(422)
    expect((await send('n;priority\nx;99\n', '?onlyGood=true')).status).toBe(422)
    const made = await send(bad, '?onlyGood=true', key)
    expect(made.status).toBe(202)
    const batch = (await made.json()) as { id: string }
    expect(made.headers.get('location')).toBe(`/api/batches/${batch.id}`)
    expect(await (await send(bad, '?onlyGood=true', key)).json()).toMatchObject({ id: batch.id })
    expect((await send(`${bad}y;1\n`, '?onlyGood=true', key)).status).toBe(409)
    const read = () => script.call<{ state: string }>('GET', `/api/batches/${batch.id}`)
    await until(async () => (await read()).state === 'DONE')
    expect(await read()).toMatchObject({
      ...{ verb: 'import', total: 2, done: 1, refused: 1 },
      import: { templateId: template, templateName: 'For imports', fileName: null },
    })
    const { data } = await script.call<{ data: object[] }>('GET', `/api/batches/${batch.id}/items`)
    expect(data).toMatchObject([
      { row: 2, outcome: 'DONE', name: 'Imported x', errors: null },
      {
        row: 3,
        outcome: 'REFUSED',
        name: null,
        reason: 'n: Give a value.',
        errors: { n: ['Give a value.'] },
      },
    ])
    expect((await send(bad, '?dryrun=true')).status).toBe(422)
    expect((await send(bad, '?dryRun=maybe')).status).toBe(422)
    expect((await send(bad, '', { 'content-type': 'application/json' })).status).toBe(415)
    expect(
      (await script.send('POST', `/api/templates/${template}/csv`, { csv: `n\n${'a\n'.repeat(1001)}` }))
        .status,
    ).toBe(422)
  })

  test('more than 50 MB is a 413', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${server.origin}/api/templates/${template}/imports`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${script.token}`, 'content-type': 'text/csv' },
          'content-length': 60_000_000,
        },
      })
      sending.on('error', reject)
      sending.on('response', ({ statusCode }) => {
        sending.off('error', reject).on('error', () => undefined)
        sending.destroy()
        resolve(statusCode)
      })
      sending.write('n\n')
    })
    expect(answer).toBe(413)
    const { data } = await script.call<{ data: { state: string }[] }>('GET', '/api/batches')
    expect(data.map(({ state }) => state)).not.toContain('DRAFT')
  })
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
