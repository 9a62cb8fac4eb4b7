import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signIn } from '../support/api'
import type { Client, Fields } from '../support/client'
import { startServer, type TestServer } from '../support/server'

/** Agents by their forms, as a browser without JavaScript sends them, and by JSON: one thing by two doors. */

let server: TestServer
let admin: Client
let script: Script
/** All that the server has answered here: no secret may be in it. */
const answers: string[] = []

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await signIn(server)
  script = await Script.signIn(server)
})
afterAll(async () => {
  await server.stop()
  // every secret that these tests send has this in it
  expect(server.output()).not.toContain('s3cr3t')
  expect(answers.length).toBeGreaterThan(20)
  expect(answers.filter((text) => text.includes('s3cr3t'))).toEqual([])
  await server.dispose()
})

interface Agent {
  id: string
  name: string
  kind: string
  version: number
  config: Record<string, unknown>
}

async function read(answer: Response | Promise<Response>) {
  const { status, headers, text } = await (async () => {
    const response = await answer
    return { status: response.status, headers: response.headers, text: await response.text() }
  })()
  answers.push(text)
  return { status, location: headers.get('location'), text }
}

const page = (path: string) => read(admin.get(path))
const post = (path: string, fields: Fields) => read(admin.postForm(path, fields))
async function call<T = Agent>(method: string, path: string, body?: unknown, expected = 200): Promise<T> {
  const { status, text } = await read(script.send(method, path, body))
  expect(status, text).toBe(expected)
  return JSON.parse(text) as T
}
const agent = (id: string) => call('GET', `/api/admin/agents/${id}`)

/** A form as it stands on a page, to be sent with changes. */
async function formOn(path: string): Promise<Fields> {
  const { text } = await page(path)
  return fieldsIn(text)
}
function fieldsIn(html: string): Fields {
  const form = /<form[^>]*id="agent"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
  const fields: Fields = {}
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const { name, type, value, checked } = attributes(tag)
    if (name && (type !== 'checkbox' || checked !== undefined)) fields[name] = value ?? ''
  }
  for (const [, tag = '', text = ''] of form.matchAll(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g)) {
    const { name } = attributes(tag)
    if (name) fields[name] = unescaped(text)
  }
  return fields
}
const attributes = (tag: string): Record<string, string> =>
  Object.fromEntries(
    [...tag.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value ?? '')]),
  )
const unescaped = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** The id of the agent that a form made. */
const madeBy = ({ status, location, text }: Awaited<ReturnType<typeof read>>) => {
  expect(status, text).toBe(303)
  return /\/admin\/agents\/(\w+)\?saved/.exec(location ?? '')?.[1] ?? ''
}

let made = 0
const name = () => `Agent ${++made}`

describe('the form of a new agent', () => {
  test('asks for the kind first, and then for what that kind needs', async () => {
    const { text } = await page('/admin/agents/new')
    for (const kind of ['openai', 'command', 'toolbox'])
      expect(text).toContain(`/admin/agents/new?kind=${kind}`)
    expect(text).not.toContain('name="name"')
    expect(Object.keys(await formOn('/admin/agents/new?kind=openai'))).toEqual(
      expect.arrayContaining([
        'name',
        'baseUrl',
        'model',
        'apiKey',
        'instructions',
        'inputPrice',
        'timeoutSeconds',
      ]),
    )
    const command = await formOn('/admin/agents/new?kind=command')
    expect(command).toMatchObject({ argv: '', env: '', cwd: '', kind: 'command' })
    expect(command).not.toHaveProperty('baseUrl')
    expect(await formOn('/admin/agents/new?kind=toolbox')).toEqual({
      ...{ name: '', description: '', concurrency: '1', kind: 'toolbox' },
    })
  })

  test('is filled by what was found on this machine', async () => {
    const { text } = await page('/admin/agents/new?kind=command')
    expect(text).toContain('/admin/agents/new?kind=command&amp;suggestion=Local+command')
    expect(await formOn('/admin/agents/new?kind=command&suggestion=Local+command')).toMatchObject({
      name: 'Local command',
      argv: 'node\n{root}/examples/agents/summarize.mjs',
      timeoutSeconds: '300',
    })
  })

  test('makes an agent of each kind', async () => {
    const model = madeBy(
      await post('/admin/agents/new?kind=openai', {
        ...{ name: name(), kind: 'openai', concurrency: 2, takesUnassigned: 'on' },
        ...{ baseUrl: 'http://127.0.0.1:1/v1', model: 'm', apiKey: 'sk-s3cr3t', temperature: '0.5' },
        ...{ instructions: 'Be\r\nbrief.', inputPrice: '0.25', outputPrice: '2', maxOutputTokens: '' },
      }),
    )
    expect(await agent(model)).toMatchObject({
      ...{ kind: 'openai', concurrency: 2, takesUnassigned: true },
      config: {
        ...{ baseUrl: 'http://127.0.0.1:1/v1', model: 'm', apiKey: '[secret]', temperature: 0.5 },
        ...{ instructions: 'Be\nbrief.', inputPrice: 0.25, outputPrice: 2, timeoutSeconds: 600 },
      },
    })
    const command = madeBy(
      await post('/admin/agents/new?kind=command', {
        ...{ name: name(), kind: 'command', concurrency: 1 },
        ...{ argv: 'node\r\nx.mjs\r\n', env: 'TOKEN=s3cr3t=1\r\nMODE=s3cr3t', cwd: '{root}' },
      }),
    )
    expect((await agent(command)).config).toEqual({
      ...{ argv: ['node', 'x.mjs'], env: { TOKEN: '[secret]', MODE: '[secret]' }, cwd: '{root}' },
      ...{ timeoutSeconds: 1800, maxOutputBytes: 12_000_000 },
    })
    const toolbox = madeBy(
      await post('/admin/agents/new?kind=toolbox', { name: name(), kind: 'toolbox', concurrency: 1 }),
    )
    expect(await agent(toolbox)).toMatchObject({ kind: 'toolbox', config: {} })
    for (const id of [model, command, toolbox]) await page(`/admin/agents/${id}?saved`)
    await page('/admin/agents')
  })

  test('that is refused keeps what was typed, but for secrets, and says so', async () => {
    const refused = await post('/admin/agents/new?kind=openai', {
      ...{ name: 'Kept', kind: 'openai', concurrency: 7, instructions: 'Kept too' },
      ...{ baseUrl: 'nowhere', model: '', apiKey: 'sk-s3cr3t', timeoutSeconds: 'long' },
    })
    expect(refused.status).toBe(422)
    expect(fieldsIn(refused.text)).toMatchObject({
      ...{ name: 'Kept', concurrency: '7', instructions: 'Kept too', baseUrl: 'nowhere' },
      ...{ apiKey: '', kind: 'openai' },
    })
    for (const said of ['Give a URL such as', 'Name the model.', 'Whole seconds.', 'type it again'])
      expect(refused.text).toContain(said)
    expect(refused.text).toMatch(/<details[^>]* open/)

    const command = await post('/admin/agents/new?kind=command', {
      ...{ name: 'Kept', kind: 'command', concurrency: 1, argv: 'node', env: 's3cr3t\r\nA=s3cr3t' },
    })
    expect(command.status).toBe(422)
    expect(fieldsIn(command.text)).toMatchObject({ argv: 'node', env: '' })
    expect(command.text).toContain('Line 1: write NAME=value.')
    expect(command.text).toContain('write it again')
  })

  test('says beside the name that it is taken', async () => {
    const fields = { name: name(), kind: 'toolbox', concurrency: 1 }
    madeBy(await post('/admin/agents/new?kind=toolbox', fields))
    const again = await post('/admin/agents/new?kind=toolbox', fields)
    expect(again.status).toBe(422)
    expect(again.text).toContain('There is an agent of this name already.')
  })
})

describe('the form of an agent', () => {
  const config = { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', timeoutSeconds: 60 }
  const newModel = (apiKey?: string) =>
    call('POST', '/api/admin/agents', { name: name(), kind: 'openai', config: { ...config, apiKey } }, 201)

  test('sent as it stands changes nothing; the key is kept', async () => {
    const { id } = await newModel('sk-s3cr3t')
    const before = await agent(id)
    const form = await formOn(`/admin/agents/${id}`)
    expect(form).toMatchObject({ apiKey: '', apiKeyIsSet: 'on' })
    expect(await post(`/admin/agents/${id}`, form)).toMatchObject({
      status: 303,
      location: `/admin/agents/${id}?unchanged=`,
    })
    expect(await agent(id)).toMatchObject({ config: before.config, version: before.version })
  })

  test('replaces the key and removes it', async () => {
    const { id } = await newModel()
    const path = `/admin/agents/${id}`
    const without = await formOn(path)
    expect(without).not.toHaveProperty('apiKeyIsSet')
    madeBy(await post(path, { ...without, apiKey: 'sk-s3cr3t-2' }))
    expect((await agent(id)).config.apiKey).toBe('[secret]')
    const both = await post(path, { ...(await formOn(path)), apiKey: 'sk-s3cr3t-3', removeApiKey: 'on' })
    expect(both.status).toBe(422)
    expect(both.text).toContain('Give a new key or remove the key, not both.')
    madeBy(await post(path, { ...(await formOn(path)), removeApiKey: 'on' }))
    expect((await agent(id)).config).toEqual(config)
  })

  test('keeps, sets and removes variables; arguments with line breaks survive', async () => {
    const { id } = await call(
      'POST',
      '/api/admin/agents',
      {
        ...{ name: name(), kind: 'command' },
        config: { argv: ['sh', '-c', 'echo\necho', ''], env: { ONE: 's3cr3t1', TWO: 's3cr3t2' } },
      },
      201,
    )
    const path = `/admin/agents/${id}`
    const form = await formOn(path)
    expect(form.env).toBe('ONE=[secret]\nTWO=[secret]')
    madeBy(await post(path, { ...form, env: 'ONE=[secret]\r\nNEW=s3cr3t4', timeoutSeconds: '' }))
    expect((await agent(id)).config).toMatchObject({
      argv: ['sh', '-c', 'echo\necho', ''],
      env: { ONE: '[secret]', NEW: '[secret]' },
      timeoutSeconds: 1800,
    })
    const refused = await post(path, { ...(await formOn(path)), env: 'ONE=[secret]\r\nGONE=[secret]' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('GONE: There is none stored that could be kept')
    expect(fieldsIn(refused.text).env).toBe('ONE=[secret]\nNEW=[secret]')
  })

  test('opened on an older version is refused with 409, and keeps what was typed', async () => {
    const { id } = await newModel('sk-s3cr3t')
    const form = await formOn(`/admin/agents/${id}`)
    await call('PATCH', `/api/admin/agents/${id}`, { concurrency: 9 })
    const stale = await post(`/admin/agents/${id}`, { ...form, model: 'typed', apiKey: 'sk-s3cr3t-5' })
    expect(stale.status).toBe(409)
    expect(stale.text).toContain('The agent has changed since you opened it')
    const kept = fieldsIn(stale.text)
    expect(kept).toMatchObject({ model: 'typed', apiKey: '', version: '2' })
    expect((await agent(id)).config).toMatchObject({ model: 'm' })
    madeBy(await post(`/admin/agents/${id}`, kept))
    expect((await agent(id)).config).toMatchObject({ model: 'typed', apiKey: '[secret]' })
  })
})

describe('JSON', () => {
  const config = { argv: ['node'], timeoutSeconds: 60, maxOutputBytes: 1000 }

  test('never answers a secret; what was read can be sent back', async () => {
    const sent = { name: name(), kind: 'command', config: { ...config, env: { A: 's3cr3t', B: 's3cr3t' } } }
    const made = await call('POST', '/api/admin/agents', sent, 201)
    expect(made.config.env).toEqual({ A: '[secret]', B: '[secret]' })
    const path = `/api/admin/agents/${made.id}`
    const { data } = await call<{ data: Agent[] }>('GET', '/api/admin/agents')
    expect(data.find(({ id }) => id === made.id)?.config).toEqual(made.config)
    const read = await agent(made.id)
    const edited = await call('PATCH', path, { config: { ...read.config, timeoutSeconds: 90 } })
    expect(edited.config).toEqual({ ...config, env: { A: '[secret]', B: '[secret]' }, timeoutSeconds: 90 })
    const without = await call('PATCH', path, { config: { ...config, env: { A: null, B: '[secret]' } } })
    expect(without.config.env).toEqual({ B: '[secret]' })
    expect((await call('PATCH', path, { config })).config).toEqual(config)
  })

  test('warns of a secret that is too short to be redacted, as the form does', async () => {
    const env = { API_KEY: 's3cr3t', LONG_TOKEN: 's3cr3t-s3cr3t', AUTH_MODE: 's3cr3t' }
    const made = await call<Agent & { warnings: string[] }>(
      'POST',
      '/api/admin/agents',
      { name: name(), kind: 'command', config: { ...config, env } },
      201,
    )
    const warning = 'API_KEY is shorter than 8 characters, so it is not redacted where the agent repeats it.'
    expect(made.warnings).toEqual([warning])
    expect((await page(`/admin/agents/${made.id}`)).text).toContain(warning)
  })

  test('refuses a program and its arguments in one, with 422', async () => {
    const argv = ['node /path/x.mjs']
    const { errors } = await call<{ errors: Record<string, string[]> }>(
      'POST',
      '/api/admin/agents',
      { name: name(), kind: 'command', config: { ...config, argv } },
      422,
    )
    expect(errors.config).toEqual([expect.stringContaining('The program and its arguments are in one')])
    const sent = { name: name(), kind: 'command', concurrency: 1, argv: 'node /path/x.mjs' }
    const form = await post('/admin/agents/new?kind=command', sent)
    expect([form.status, form.text.includes('The program and its arguments are in one')]).toEqual([422, true])
  })

  test('refuses with 422 in the fields, without a value', async () => {
    interface Problem {
      errors: Record<string, string[]>
    }
    const { errors } = await call<Problem>(
      'POST',
      '/api/admin/agents',
      {
        name: name(),
        kind: 'command',
        config: { argv: [], env: { A: '[secret]', '1B': 's3cr3t' }, key: 's3cr3t' },
      },
      422,
    )
    expect(errors.config).toHaveLength(4)
    expect(errors.config).toContain('env.A: There is none stored that could be kept: set it.')
    const text = await call<Problem>(
      'POST',
      '/api/admin/agents',
      { name: name(), kind: 'openai', config: '{"apiKey":"s3cr3t"}' },
      422,
    )
    expect(text.errors).toEqual({ config: ['The settings are an object.'] })
  })

  test('of an older version is a 409', async () => {
    const { id } = await call('POST', '/api/admin/agents', { name: name(), kind: 'command', config }, 201)
    const path = `/api/admin/agents/${id}`
    await call('PATCH', path, { concurrency: 2, version: 1 })
    const late = { config: { ...config, env: { A: 's3cr3t' } }, version: 1 }
    expect(await call('PATCH', path, late, 409)).toMatchObject({ reason: 'stale_version' })
    expect((await agent(id)).config).toEqual(config)
  })
})
