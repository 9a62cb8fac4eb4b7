import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '~/domain/agents/create.server'
import { editAgent } from '~/domain/agents/edit.server'
import { atFields } from '~/domain/agents/form'
import type { NewAgentInput } from '~/domain/agents/input'
import { findAgent, listAgents } from '~/domain/agents/queries.server'
import { masked, secretMask, withSecrets } from '~/domain/agents/secrets'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const command = { argv: ['node'], timeoutSeconds: 60, maxOutputBytes: 1000 }
const openai = { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', timeoutSeconds: 60 }

/** A secret that can't be found by chance in what is said about settings. */
const secret = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `§${text}`)
const variables = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/), secret, { maxKeys: 6 })
const settings = fc.oneof(
  variables.map((env) => ({
    kind: 'command' as const,
    stored: { ...command, env },
    secrets: Object.values(env),
  })),
  secret.map((apiKey) => ({ kind: 'openai' as const, stored: { ...openai, apiKey }, secrets: [apiKey] })),
)

describe('a mask', () => {
  test('is all that anybody sees of a secret', () => {
    fc.assert(
      fc.property(settings, ({ kind, stored, secrets }) => {
        const seen = JSON.stringify(masked(kind, stored))
        for (const each of secrets) expect(seen).not.toContain(JSON.stringify(each).slice(1, -1))
        expect(seen.split(secretMask)).toHaveLength(secrets.length + 1)
      }),
    )
  })

  test('hides what is of no expected shape too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('apiKey', 'env'), (value, name) => {
        const kind = name === 'env' ? 'command' : 'openai'
        const leaves = JSON.stringify(masked(kind, { [name]: value, model: 'm' })[name])
        expect(leaves).toMatch(/^("\[secret\]"|\{("(?:[^"\\]|\\.)*":"\[secret\]",?)*\})$/)
      }),
    )
  })

  test('sent back keeps what is stored, whole', () => {
    fc.assert(
      fc.property(settings, ({ kind, stored }) => {
        const sent = JSON.parse(JSON.stringify(masked(kind, stored))) as Record<string, unknown>
        expect(withSecrets(kind, sent, stored)).toEqual({ settings: stored, missing: [] })
      }),
    )
  })

  test('where nothing is stored is missing it', () => {
    const sent = { ...command, env: { A: secretMask, B: 'b', toString: secretMask } }
    expect(withSecrets('command', sent, { ...command, env: { B: 'x' } }).missing).toEqual([
      { path: ['env', 'A'], why: 'none_stored' },
      { path: ['env', 'toString'], why: 'none_stored' },
    ])
    expect(withSecrets('openai', { apiKey: secretMask }, {}).missing).toEqual([
      { path: ['apiKey'], why: 'none_stored' },
    ])
    // elsewhere it is a text like any other
    expect(withSecrets('openai', { instructions: secretMask }, {}).missing).toEqual([])
  })

  const keptAt = (baseUrl: unknown, at = 'https://models.example/v1') => {
    const { settings, missing } = withSecrets(
      'openai',
      { ...openai, baseUrl, apiKey: secretMask },
      { ...openai, baseUrl: at, apiKey: 'sk-1' },
    )
    return missing.length === 0 ? settings.apiKey : missing
  }

  test.each(['https://models.example/v2', 'https://models.example:443/v1/', ' HTTPS://MODELS.example/v1'])(
    'keeps a key while the address stays at the origin: %s',
    (baseUrl) => expect(keptAt(baseUrl)).toBe('sk-1'),
  )

  test.each([
    ...['http://models.example/v1', 'https://models.example:8443/v1', 'https://evil.example/v1'],
    ...[
      'https://models.example.evil.example/v1',
      '\u00a0https://evil.example/v1',
      'https://models.example@evil/v1',
    ],
    ...['', undefined, 3],
  ])('keeps no key for another address: %j', (baseUrl) =>
    expect(keptAt(baseUrl)).toEqual([{ path: ['apiKey'], why: 'moved' }]),
  )

  test('of a variable keeps it whatever it is called', () => {
    const env = { apiKey: secretMask, baseUrl: 'http://b.example' }
    expect(withSecrets('command', { env }, { env: { apiKey: 'k' } }).missing).toEqual([])
  })

  test.each([
    ['null', { apiKey: null }],
    ['an empty one', { apiKey: '' }],
    ['none at all', {}],
  ])('%s in its place removes it', (_, sent) => {
    expect(withSecrets('openai', sent, { apiKey: 'k' }).settings).toEqual({})
  })

  test('of a variable may be null or left out to remove it; an empty value is a value', () => {
    const sent = { env: { A: null, C: secretMask, D: '' } }
    expect(withSecrets('command', sent, { env: { A: 'a', B: 'b', C: 'c', D: 'd' } }).settings).toEqual({
      env: { C: 'c', D: '' },
    })
    expect(withSecrets('command', { env: null }, { env: { A: 'a' } }).settings).toEqual({})
  })
})

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let desk: Desk
  let stage: TestDesk
  let admin: UserActor
  const model: NewAgentInput = {
    ...{ name: 'Model', kind: 'openai', description: '', concurrency: 1, takesUnassigned: true },
    config: { ...openai, apiKey: 'sk-first-of-all' },
  }
  const script: NewAgentInput = {
    ...{ ...model, name: 'Script', kind: 'command' },
    config: { ...command, env: { TOKEN: 'tok-1', OTHER: 'tok-2' } },
  }
  const stored = async (id: string) => {
    const row = await desk.db.first<{ config: string }>('SELECT config FROM agents WHERE id = ?', [id])
    return JSON.parse(row?.config ?? 'null') as Record<string, unknown>
  }

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterEach(() => stage.close())

  test('a secret is stored, and nobody reads it again', async () => {
    const views = [await createAgent(desk, admin, model), await createAgent(desk, admin, script)]
    expect(await stored(views[0]?.id ?? '')).toMatchObject({ apiKey: 'sk-first-of-all' })
    expect(views.map(({ config }) => config)).toMatchObject([
      { apiKey: secretMask },
      { env: { TOKEN: secretMask, OTHER: secretMask } },
    ])
    const read = [views, await listAgents(desk), await findAgent(desk, views[0]?.id ?? '')]
    const audit = await desk.db.all('SELECT * FROM audit')
    expect(JSON.stringify([read, audit])).not.toMatch(/sk-first|tok-/)
  })

  test('an edit keeps, sets and removes secrets', async () => {
    const { id } = await createAgent(desk, admin, script)
    await editAgent(desk, admin, id, { name: 'Renamed' })
    expect((await stored(id)).env).toEqual({ TOKEN: 'tok-1', OTHER: 'tok-2' })
    const edited = await editAgent(desk, admin, id, {
      config: { ...command, argv: ['deno'], env: { TOKEN: secretMask, NEW: 'tok-3' } },
    })
    expect(await stored(id)).toMatchObject({ argv: ['deno'], env: { TOKEN: 'tok-1', NEW: 'tok-3' } })
    expect(JSON.stringify(edited)).not.toContain('tok-')
    await editAgent(desk, admin, id, { config: command })
    expect(await stored(id)).toEqual(command)
  })

  test('what is wrong is said without the values', async () => {
    const { id } = await createAgent(desk, admin, script)
    const refused = await editAgent(desk, admin, id, {
      config: { ...command, cwd: 3, env: { '1A': 'tok-9', 'B C': 'tok-9', TOKEN: 5, GONE: secretMask } },
    }).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      fields: {
        config: [
          expect.stringMatching(/^env\.1A: A variable name has letters/),
          expect.stringMatching(/^env\.B C: A variable name has letters/),
          expect.stringMatching(/^env\.TOKEN: .+ string/),
          expect.stringMatching(/^cwd: .+ string/),
          'env.GONE: There is none stored that could be kept: set it.',
        ],
      },
    })
    expect(JSON.stringify(refused)).not.toContain('tok-')
    expect((await stored(id)).env).toEqual({ TOKEN: 'tok-1', OTHER: 'tok-2' })
    await expect(
      createAgent(desk, admin, { ...model, config: { ...openai, apiKey: secretMask } }),
    ).rejects.toMatchObject({
      fields: { config: ['apiKey: There is none stored that could be kept: set it.'] },
    })
  })

  test('a key goes to no other address unless it is given again', async () => {
    const { id } = await createAgent(desk, admin, model)
    const elsewhere = { ...openai, baseUrl: 'http://evil.example/v1' }
    const message = 'The address changed: give the key again (or remove it).'
    const keep = () => editAgent(desk, admin, id, { config: { ...elsewhere, apiKey: secretMask } })
    await expect(keep()).rejects.toMatchObject({ fields: { config: [`apiKey: ${message}`] } })
    await expect(atFields(keep())).rejects.toMatchObject({ fields: { apiKey: [message] } })
    expect(await stored(id)).toEqual({ ...openai, apiKey: 'sk-first-of-all' })
    await editAgent(desk, admin, id, { config: { ...elsewhere, apiKey: 'sk-again' } })
    expect(await stored(id)).toEqual({ ...elsewhere, apiKey: 'sk-again' })
    await editAgent(desk, admin, id, { config: openai })
    expect(await stored(id)).toEqual(openai)
  })

  test('a stale change is a conflict before anything else, and changes nothing', async () => {
    const { id } = await createAgent(desk, admin, script)
    await editAgent(desk, admin, id, { config: command })
    const stale = { config: { ...command, env: { TOKEN: secretMask } }, version: 1 }
    await expect(editAgent(desk, admin, id, stale)).rejects.toMatchObject({ reason: 'stale_version' })
    expect(await stored(id)).toEqual(command)
  })

  test('whoever keeps a secret keeps the newest, however many set it meanwhile', async () => {
    const { id } = await createAgent(desk, admin, model)
    const set = (n: number) => editAgent(desk, admin, id, { config: { ...openai, apiKey: `sk-${n}` } })
    const keep = (n: number) =>
      editAgent(desk, admin, id, { config: { ...openai, model: `m-${n}`, apiKey: secretMask } })
    const keys = new Set<unknown>()
    for (let round = 1; round <= 10; round++) {
      // the keepers have read the old key when the new one is written
      const [first, second, third] = [1, 2, 3].map((n) => round * 10 + n) as [number, number, number]
      await Promise.all([keep(first), set(round), keep(second), keep(third)])
      const { apiKey } = await stored(id)
      expect(apiKey).toBe(`sk-${round}`)
      keys.add(apiKey)
    }
    expect(keys.size).toBe(10)
    expect((await findAgent(desk, id)).version).toBe(41)
  })
})
