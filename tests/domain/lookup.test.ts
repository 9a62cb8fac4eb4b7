import { describe, expect, test } from 'vitest'
import { commandConfig } from '~/domain/agents/config'
import { addError, type FieldErrors } from '~/domain/errors'
import { exactJson, exactText } from '~/domain/exact-json'
import { tagChangeInput } from '~/domain/jobs/input'
import { readQuery } from '~/domain/jobs/query-text'
import { shapeOf } from '~/domain/jobs/result-shape'
import { lookup } from '~/domain/lookup'
import { cronWords } from '~/domain/schedules/cron-words'
import { fillTemplate } from '~/domain/templates/fill'
import { newTemplateInput } from '~/domain/templates/input'
import { exactField } from '~/http/present'
import { chipsOfList } from '~/ui/filter-chips'

const inherited = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty']

describe.each(inherited)('%s is a word like any other', (word) => {
  const json = `{"${word}":{"n":1.10},"list":[{"${word}":12345678901234567890}]}`

  test('in a table', () => {
    expect(lookup({ a: 1 }, word)).toBeUndefined()
    expect(lookup(JSON.parse(`{"${word}":1}`) as object, word)).toBe(1)
  })

  test('as a field with errors', () => {
    const errors: FieldErrors = {}
    addError(errors, word, 'No.')
    addError(errors, word, 'Never.')
    expect(Object.entries(errors)).toEqual([[word, ['No.', 'Never.']]])
  })

  test('in a search', () => {
    for (const text of [`needs:${word}`, `status:${word}`, `created:1${word}`]) {
      expect(readQuery(text, { now: 0, zone: 'UTC' }).problems).toHaveLength(1)
    }
  })

  test('in the chips of a list', () => {
    const chips = chipsOfList(
      'own',
      { priority: word, created: word, updated: word, status: [word] },
      { agentName: null, ownerEmail: null },
    )
    expect(chips.map(({ label }) => label)).toEqual([
      `Status: ${word}`,
      ...['Priority', 'Created', 'Changed'].map((name) => `${name}: ${word}`),
    ])
  })

  test('as a name in JSON that is kept exactly', () => {
    expect(exactText(exactJson(json).root).replaceAll(/\s/g, '')).toBe(json)
    expect(exactField(json, word)).toBe('{"n":1.10}')
    expect(exactField('{}', word)).toBeUndefined()
  })

  test('as a column of a result', () => {
    expect(shapeOf(`[{"${word}":"a","b":"c"},{"b":"d"}]`)).toMatchObject({
      columns: [word, 'b'],
      rows: [
        ['a', 'c'],
        ['', 'd'],
      ],
    })
  })

  test('as a cron expression', () => expect(cronWords(word)).toBeNull())
})

describe('names that people give', () => {
  const names = inherited.filter((word) => word !== '__proto__')
  const text = names.map((name) => `{{${name}}}`).join(' ')
  const template = newTemplateInput.parse({
    name: 'T',
    job: { name: text, description: text, acceptanceCriteria: 'a', metadata: { constructor: text } },
  })

  test('of blanks are filled in, or missed', () => {
    const filled = fillTemplate(template, Object.fromEntries(names.map((name) => [name, name.toUpperCase()])))
    const expected = names.join(' ').toUpperCase()
    expect(filled).toMatchObject({
      errors: {},
      input: { name: expected, metadata: { constructor: expected } },
    })
    expect(fillTemplate(template, {}).errors).toEqual(
      Object.fromEntries(names.map((name) => [name, ['Give a value.']])),
    )
  })

  const values = Object.fromEntries(names.map((name) => [name.toLowerCase(), 'x']))

  test('of metadata are kept, and __proto__ is refused by the same rule as _name', () => {
    const read = (metadata: unknown) => tagChangeInput.safeParse({ metadata })
    expect(read(values).data?.metadata).toEqual(values)
    expect(read('constructor=x\ntostring=y').data?.metadata).toEqual({ constructor: 'x', tostring: 'y' })
    for (const given of ['__proto__=x', JSON.parse('{"__proto__":"x"}') as unknown]) {
      expect(read(given).error?.issues[0]?.message).toBe('The name “__proto__” is not allowed.')
    }
  })

  test('of environment variables are kept, and __proto__ is refused', () => {
    const read = (env: unknown) => commandConfig.safeParse({ argv: ['x'], env })
    expect(read(values).data?.env).toEqual(values)
    expect(read(JSON.parse('{"__proto__":"x"}')).success).toBe(false)
  })
})
