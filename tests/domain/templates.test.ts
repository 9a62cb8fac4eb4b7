import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Conflict, Forbidden, Invalid, NotFound } from '~/domain/errors'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { fillTemplate, unfilledIn, unfilledWarning, variablesIn } from '~/domain/templates/fill'
import { newTemplateForm, templateFormValue } from '~/domain/templates/form'
import { newTemplateInput, templateChangeInput } from '~/domain/templates/input'
import { makeJob } from '~/domain/templates/make.server'
import { findTemplate, listTemplates } from '~/domain/templates/queries.server'
import { createTemplate, editTemplate, removeTemplate } from '~/domain/templates/save.server'
import type { TemplateVariable, VariableType } from '~/domain/templates/view'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let desk: TestDesk['desk']
let olive: UserActor
let sam: UserActor
let ada: UserActor

beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  olive = await addUser(desk, 'Olive')
  sam = await addUser(desk, 'Sam')
  ada = await addUser(desk, 'Ada', 'ADMIN')
})
afterAll(() => stage.close())

const job = {
  name: 'Invoice for {{customer}}',
  description: 'Bill {{ customer }} the sum of {{amount}}.',
  acceptanceCriteria: 'It says {{amount}}',
  tags: ['billing', '{{customer}}'],
  metadata: { customer: '{{customer}}' },
}
let n = 0
const input = (more: Record<string, unknown> = {}) =>
  newTemplateInput.parse({ name: `Invoice ${++n}`, job, ...more })
const text = { label: 'X', type: 'text', required: true, default: null } as const

describe('filling', () => {
  const variable = (type: VariableType, more: Partial<TemplateVariable> = {}): TemplateVariable => ({
    ...text,
    name: 'x',
    type,
    ...more,
  })
  const plain = {
    ...input({ job: { ...job, tags: [], metadata: {} } }).job,
    name: 'J',
    description: 'd {{x}}',
  }
  const fill = (variable: TemplateVariable, x?: string) =>
    fillTemplate({ job: plain, variables: [variable] }, x === undefined ? {} : { x })

  test.each([
    ['number', '12.5', true],
    ['number', 'a dozen', false],
    ['date', '2030-02-28', true],
    ['date', '2030-02-30', false],
    ['number', '-1e-7', true],
    ['number', '1e', false],
    ['boolean', 'yes', true],
    ['boolean', 'perhaps', false],
    ['boolean', '2', false],
    ['choice', 'red', true],
    ['choice', 'green', false],
    ['text', 'two\nlines', false],
    ['longtext', 'two\nlines', true],
    ['text', 'x'.repeat(501), false],
  ] as const)('a %s takes %j: %s', (type, value, fits) => {
    const { input, errors } = fill(variable(type, { choices: ['red', 'blue'] }), value)
    expect(input === null).toBe(!fits)
    expect(Object.keys(errors)).toEqual(fits ? [] : ['x'])
  })

  test.each([
    ...['yes', 'Yes', 'true', 'TRUE', 'Y', '1', ' true '].map((value) => [value, 'yes'] as const),
    ...['no', 'No', 'false', 'FALSE', 'n', '0'].map((value) => [value, 'no'] as const),
  ])('a boolean %j is written as %s', (value, written) => {
    expect(fill(variable('boolean'), value).input?.description).toBe(`d ${written}`)
    expect(fill(variable('boolean', { default: value })).input?.description).toBe(`d ${written}`)
  })

  test('is one pass: braces in a value stay, and unknown braces are text', () => {
    const both = { ...plain, description: '{{x}} {{y}} {{ z z }}' }
    const filled = fillTemplate({ job: both, variables: [variable('text')] }, { x: '{{y}} $& {{x}}' })
    expect(filled.input?.description).toBe('{{y}} $& {{x}} {{y}} {{ z z }}')
  })

  test('takes the default where nothing is given, and asks where there is none', () => {
    expect(fill(variable('text', { default: 'usual' })).input?.description).toBe('d usual')
    expect(fill(variable('text')).errors).toEqual({ x: ['Give a value.'] })
    expect(fill(variable('text', { required: false })).input?.description).toBe('d')
  })

  test('does not write out what no job may hold', () => {
    const job = { name: 'n', description: '{{b}}'.repeat(9000), acceptanceCriteria: 'c' }
    const long = newTemplateInput.parse({ name: 't', job, variables: [{ name: 'b', type: 'longtext' }] })
    const { input, errors } = fillTemplate(long, { b: 'y'.repeat(20_000) })
    expect([input, errors]).toEqual([null, { description: ['The values make the texts too long.'] }])
  })

  test('says at the job’s field what a job may not be', () => {
    const named = { ...plain, name: '{{x}}' }
    const { input, errors } = fillTemplate(
      { job: named, variables: [variable('text')] },
      { x: 'n'.repeat(300) },
    )
    expect(input).toBeNull()
    expect(Object.keys(errors)).toEqual(['name'])
  })
})

describe('a template', () => {
  test('describes each blank once, in the order of the texts; what nobody described is a required text', () => {
    const { variables } = input({ variables: [{ name: 'amount', type: 'number', default: '5' }] })
    expect(variables).toEqual([
      { name: 'customer', label: 'Customer', type: 'text', required: true, default: null },
      { name: 'amount', label: 'Amount', type: 'number', required: true, default: '5' },
    ])
    expect(variablesIn(input().job)).toEqual(['customer', 'amount'])
  })

  test('warns of braces that nobody is asked to fill in', () => {
    const odd = {
      ...job,
      description: '{{due-date}} {{ customer }} {{2nd}} { {x} } {{}} {{due-date}} {{amount}}',
    }
    expect(unfilledIn(input({ job: odd }).job)).toEqual(['{{due-date}}', '{{2nd}}', '{{}}'])
    expect(unfilledWarning(input({ job: odd }).job)).toMatch(
      /^\{\{due-date\}\}, \{\{2nd\}\}, \{\{\}\} are not filled in\./,
    )
    const one = { ...job, tags: ['{{a b}}'] }
    expect(unfilledWarning(input({ job: one }).job)).toMatch(/^\{\{a b\}\} is not filled in\./)
    expect(unfilledWarning(input().job)).toBeNull()
  })

  test('keeps a default as it is written, but a boolean as yes or no', () => {
    const variables = [
      { name: 'customer', type: 'boolean', default: 'TRUE' },
      { name: 'amount', type: 'number', default: '1.10' },
    ]
    expect(input({ variables }).variables.map((each) => each.default)).toEqual(['yes', '1.10'])
  })

  test.each([
    ['one that no text uses', [{ name: 'ghost' }]],
    ['one twice', [{ name: 'amount' }, { name: 'amount' }]],
    ['a default that does not fit', [{ name: 'amount', type: 'number', default: 'much' }]],
    ['a choice without choices', [{ name: 'amount', type: 'choice' }]],
    ['a name that is none', [{ name: 'a-b' }]],
  ])('refuses %s', (_, variables) => {
    expect(newTemplateInput.safeParse({ name: 'x', job, variables }).success).toBe(false)
  })

  test('is its owner’s alone until it is shared; others make jobs from it then, and change nothing', async () => {
    const { id } = await createTemplate(desk, olive, input())
    await expect(findTemplate(desk, sam, id)).rejects.toThrow(NotFound)
    await expect(makeJob(desk, sam, id, { customer: 'a', amount: '1' })).rejects.toThrow(NotFound)
    expect((await listTemplates(desk, sam)).map((each) => each.id)).not.toContain(id)
    const change = templateChangeInput.parse({ ...input(), shared: true, version: 1 })
    expect((await editTemplate(desk, olive, id, change)).version).toBe(2)
    expect((await listTemplates(desk, sam)).map((each) => each.id)).toContain(id)
    await expect(editTemplate(desk, sam, id, change)).rejects.toThrow(Forbidden)
    await expect(removeTemplate(desk, sam, id)).rejects.toThrow(Forbidden)
    await expect(editTemplate(desk, olive, id, change)).rejects.toThrow(Conflict)
    const made = await makeJob(desk, sam, id, { customer: 'acme', amount: '12' })
    const view = await findJob(desk, sam, made.id)
    expect(view).toMatchObject({
      name: 'Invoice for acme',
      tags: ['acme', 'billing'],
      metadata: { customer: 'acme' },
    })
    expect(view.description).toBe('Bill acme the sum of 12.')
    const { rows } = await jobLogs(desk, sam, made.id, {})
    expect(rows[0]?.message).toContain(`from the template “${change.name}”`)
    await removeTemplate(desk, ada, id)
    await expect(findTemplate(desk, olive, id)).rejects.toThrow(NotFound)
    expect((await findJob(desk, sam, made.id)).status).toBe('PENDING')
  })

  test('has a name of its own among its owner’s, whatever its case, until it is removed', async () => {
    const first = await createTemplate(desk, olive, input({ name: 'Weekly' }))
    await expect(createTemplate(desk, olive, input({ name: 'WEEKLY' }))).rejects.toThrow(Invalid)
    await createTemplate(desk, sam, input({ name: 'Weekly' }))
    await removeTemplate(desk, olive, first.id, { version: 1 })
    await createTemplate(desk, olive, input({ name: 'weekly' }))
  })

  test('refuses an agent that is none, and values of variables that it has not', async () => {
    await expect(createTemplate(desk, olive, input({ job: { ...job, agentId: 'nobody' } }))).rejects.toThrow(
      Invalid,
    )
    const { id } = await createTemplate(desk, olive, input())
    const values = { customer: 'a', amount: '1', ghost: 'x' }
    await expect(makeJob(desk, olive, id, values)).rejects.toMatchObject({
      fields: { ghost: expect.anything() },
    })
  })
})

describe('its form', () => {
  const sent = {
    ...{
      name: 'From the form',
      about: '',
      jobName: 'About {{topic}}',
      jobDescription: 'd',
      acceptanceCriteria: 'c',
    },
    ...{ agentId: '', review: 'required', priority: '', maxAttempts: '', timeoutSeconds: '' },
    ...{ tags: 'a b {{topic}}, c', metadata: 'k={{topic}}=1' },
  }
  const settings = {
    var_type_topic: 'choice',
    var_label_topic: '',
    var_default_topic: '',
    var_choices_topic: 'x\ny',
  }

  test('comes back where a blank is new, and asks what it is', () => {
    expect(newTemplateForm.parse(sent)).toEqual({ ask: ['topic'], names: ['topic'], warning: null })
    expect(newTemplateForm.parse({ ...sent, ...settings, look: 'yes' })).toEqual({
      ask: [],
      names: ['topic'],
      warning: null,
    })
    const odd = { ...sent, ...settings, jobDescription: '{{due-date}}', look: 'yes' }
    expect(newTemplateForm.parse(odd)).toMatchObject({ warning: expect.stringContaining('{{due-date}}') })
  })

  test('is saved once every blank is described, and shows the same again', () => {
    const parsed = newTemplateForm.parse({ ...sent, ...settings, shared: 'on' })
    expect(parsed.save).toMatchObject({
      shared: true,
      job: { tags: ['a b {{topic}}', 'c'], metadata: { k: '{{topic}}=1' }, priority: null },
      variables: [{ name: 'topic', label: 'Topic', type: 'choice', required: false, choices: ['x', 'y'] }],
    })
    if (!parsed.save) throw new Error('not saved')
    const again = newTemplateForm.parse(templateFormValue(parsed.save))
    expect(again.save).toEqual(parsed.save)
  })

  test('says what is wrong at the field of the setting', () => {
    const { error } = newTemplateForm.safeParse({ ...sent, ...settings, var_default_topic: 'z', jobName: '' })
    expect(error?.issues.map(({ path }) => path[0])).toEqual(expect.arrayContaining(['jobName']))
    const wrong = newTemplateForm.safeParse({ ...sent, ...settings, var_default_topic: 'z' })
    expect(wrong.error?.issues.map(({ path }) => path[0])).toEqual(['var_default_topic'])
  })
})
