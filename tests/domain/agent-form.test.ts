import { parseWithZod } from '@conform-to/zod/v4'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidSettings } from '~/domain/agents/checked-config'
import { agentChangeForm, atFields, newAgentForm } from '~/domain/agents/form'
import { agentChangeInput, newAgentInput } from '~/domain/agents/input'
import { masked } from '~/domain/agents/secrets'
import { argvOf, argvText, settingsText } from '~/domain/agents/settings-text'

const form = (fields: Record<string, string | undefined>) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) data.set(name, value)
  return data
}
const read = (fields: Record<string, string | undefined>) => {
  const submission = parseWithZod(form(fields), { schema: newAgentForm })
  return submission.status === 'success' ? submission.value : submission.error
}

const command = { name: 'A', kind: 'command', argv: 'node' }
const model = { name: 'A', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' }
const defaults = { description: '', concurrency: 1, takesUnassigned: false }

describe('a form and JSON say the same', () => {
  test('of a command', () => {
    const fromJson = newAgentInput.parse({
      ...{ name: 'Script', kind: 'command', concurrency: 3, takesUnassigned: true },
      config: {
        argv: ['node', 'a b.mjs', '--all'],
        env: { TOKEN: 'a=b', EMPTY: '' },
        cwd: '/srv',
        timeoutSeconds: 60,
      },
    })
    const fromForm = read({
      ...{ name: ' Script ', kind: 'command', concurrency: '3', takesUnassigned: 'on' },
      argv: 'node\r\na b.mjs\r\n\r\n--all\r\n',
      env: 'TOKEN=a=b\r\n\r\nEMPTY=\r\n',
      ...{ cwd: ' /srv ', timeoutSeconds: '60', maxOutputBytes: '' },
    })
    expect(fromForm).toEqual(fromJson)
  })

  test('of a model', () => {
    const config = {
      ...{ baseUrl: 'http://127.0.0.1:1/v1', model: 'm', apiKey: 'sk-1', instructions: 'Be\nbrief.' },
      ...{ temperature: 0.2, maxOutputTokens: 500, inputPrice: 0.25, outputPrice: 0, timeoutSeconds: 30 },
    }
    const fields = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]))
    expect(read({ name: 'A', kind: 'openai', ...fields, instructions: 'Be\r\nbrief.\r\n' })).toEqual(
      newAgentInput.parse({ name: 'A', kind: 'openai', config }),
    )
  })

  test('of the toolbox, which has nothing to set', () => {
    expect(read({ name: 'A', kind: 'toolbox', concurrency: '' })).toEqual({
      ...{ name: 'A', kind: 'toolbox', config: {} },
      ...defaults,
    })
  })

  test('of a change: a form has all of it, JSON what changes; the kind stays', () => {
    const sent = form({ name: 'A', kind: 'toolbox', version: '4' })
    const edited = parseWithZod(sent, { schema: agentChangeForm })
    expect(edited.status === 'success' && edited.value).toEqual({
      ...{ name: 'A', version: 4, config: {} },
      ...defaults,
    })
    expect(agentChangeInput.parse({ takesUnassigned: false })).toEqual({ takesUnassigned: false })
  })
})

describe('an API key in a form', () => {
  const key = (fields: Record<string, string>) =>
    (read({ ...model, ...fields }) as { config: { apiKey?: string } }).config.apiKey

  test.each([
    ['is none where none was typed', {}, undefined],
    ['is set', { apiKey: ' sk-1 ' }, 'sk-1'],
    ['is kept where one is set and the field is empty', { apiKey: '', apiKeyIsSet: 'on' }, '[secret]'],
    ['is replaced', { apiKey: 'sk-2', apiKeyIsSet: 'on' }, 'sk-2'],
    ['is removed', { apiKey: '', apiKeyIsSet: 'on', removeApiKey: 'on' }, undefined],
  ])('%s', (_, fields, expected) => expect(key(fields)).toBe(expected))

  test('cannot be replaced and removed at once', () => {
    expect(read({ ...model, apiKey: 'sk-2', apiKeyIsSet: 'on', removeApiKey: 'on' })).toEqual({
      apiKey: ['Give a new key or remove the key, not both.'],
    })
  })
})

describe('program and arguments', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('["', '[', '"a"', ']', ''),
  )

  test('are the same after a form, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 6 }), (argv) => {
        // a browser sends its lines with CR LF, whatever they were before
        expect(argvOf(argvText(argv).replace(/\r\n|\r|\n/g, '\r\n'))).toEqual(argv)
      }),
    )
  })

  test('are lines where lines can say it', () => {
    expect(argvText(['node', '{root}/x.mjs', '--name', 'Zoë'])).toBe('node\n{root}/x.mjs\n--name\nZoë')
    expect(argvText(['sh', '-c', 'a\nb'])).toBe('[\n  "sh",\n  "-c",\n  "a\\nb"\n]')
    expect(argvText(['x', ''])).toContain('[')
  })

  test.each(['["node", "x"', '["node", 1]', '["node"] x'])('%s is refused, without its text', (argv) => {
    const refused = read({ ...command, argv }) as { argv: string[] }
    expect(refused).toEqual({ argv: [expect.stringMatching(/like a list in JSON/)] })
  })
})

describe('what is wrong', () => {
  test('is all said at once, each at its field', () => {
    const agent = { name: ' ', kind: 'openai', concurrency: '0' }
    const settings = { baseUrl: 'ftp://x', temperature: 'hot', timeoutSeconds: '0', inputPrice: '-1' }
    expect(read({ ...agent, ...settings })).toEqual({
      name: ['Give the agent a name.'],
      concurrency: [expect.stringMatching(/from 1 to 100/)],
      baseUrl: [expect.stringMatching(/^Give a URL/)],
      model: ['Name the model.'],
      temperature: ['A number.'],
      timeoutSeconds: ['At least 1 second.'],
      inputPrice: ['At least 0.'],
    })
  })

  test('in the environment is said by its line, and never by its value', () => {
    const env = 'GOOD=v3ry\r\n\r\n1BAD=s3cret\r\nMIIEvQs3cret\r\nDOCKET_X=s3cret\r\nGOOD=s3cret'
    const refused = read({ ...command, argv: ' ', env })
    expect(refused).toEqual({
      argv: ['Name the program to run.'],
      env: ['Line 4: write NAME=value.', 'Line 6: line 1 sets the same variable.'],
    })
    expect(read({ ...command, env: 'GOOD=v3ry\r\n\r\n1BAD=s3cret\r\nDOCKET_X=s3cret' })).toEqual({
      env: [
        expect.stringMatching(/^Line 3: A variable name has letters/),
        'Line 4: Names that start with DOCKET_ are set by Docket.',
      ],
    })
  })

  test('in one of many arguments is said by its number', () => {
    expect(read({ ...command, argv: `node\n-e\n${'x'.repeat(9000)}` })).toEqual({
      argv: ['Argument 2: An argument is at most 8,192 characters.'],
    })
  })

  test('of a verb is said at the field too; what else it throws passes', async () => {
    const refusal = new InvalidSettings([
      { path: ['env', 'A'], message: 'None.' },
      { path: ['model'], message: 'No.' },
    ])
    await expect(atFields(Promise.reject(refusal))).rejects.toMatchObject({
      fields: { env: ['A: None.'], model: ['No.'] },
    })
    const other = new Error('away')
    await expect(atFields(Promise.reject(other))).rejects.toBe(other)
    expect(await atFields(Promise.resolve(1))).toBe(1)
  })

  test.each([
    ['kind', 'magic', /toolbox or command/],
    ['concurrency', 'many', /from 1 to 100/],
  ])('%s %j is refused with a sentence', (field, value, message) => {
    const refused = read({ name: 'A', kind: 'toolbox', [field]: value }) as Record<string, string[]>
    expect(refused[field]?.[0]).toMatch(message)
  })

  test.each([['{"argv": ["x"]}'], [[1]], [null]])('config %j is no object', (config) => {
    const refused = newAgentInput.safeParse({ name: 'A', kind: 'command', config })
    expect(refused.error?.issues[0]).toMatchObject({
      path: ['config'],
      message: 'The settings are an object.',
    })
  })
})

test('settings that are shown and sent again unchanged keep everything', () => {
  const stored = {
    ...{ argv: ['sh', '-c', 'a\nb', ''], env: { A: 's3cret', B: 's3c\nret' } },
    ...{ cwd: '/srv', timeoutSeconds: 7, maxOutputBytes: 2000 },
  }
  const shown = settingsText('command', masked('command', stored))
  expect(JSON.stringify(shown)).not.toContain('s3c')
  expect(read({ name: 'A', kind: 'command', ...shown })).toMatchObject({
    config: { ...stored, env: { A: '[secret]', B: '[secret]' } },
  })
})
