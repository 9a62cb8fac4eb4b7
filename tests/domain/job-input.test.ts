import { describe, expect, test } from 'vitest'
import {
  answerInput,
  feedbackInput,
  jobChangeForm,
  jobChangeInput,
  newJobInput,
  verbInput,
} from '~/domain/jobs/input'
import { localText } from '~/domain/zones/clock'

const least = { name: 'n', description: 'd', acceptanceCriteria: 'c' }
const parsed = (more: object) => newJobInput.safeParse({ ...least, ...more })
/** The fields that are refused, with their messages. */
function refused(more: object): Record<string, string[]> {
  const { error } = parsed(more)
  const fields: Record<string, string[]> = {}
  for (const { path, message } of error?.issues ?? []) {
    const field = String(path[0])
    fields[field] = [...(fields[field] ?? []), message]
  }
  return fields
}

test('the three texts are enough, are trimmed, and nothing else is kept', () => {
  expect(
    newJobInput.parse({ name: '  n ', description: '\nd\n', acceptanceCriteria: ' c', status: 'COMPLETED' }),
  ).toEqual(least)
})

describe.each([
  ['name', 200],
  ['description', 50_000],
  ['acceptanceCriteria', 20_000],
])('%s', (field, max) => {
  test('has 1 to its limit of characters after trimming, and no NUL', () => {
    expect(parsed({ [field]: ` ${'x'.repeat(max)} ` }).success).toBe(true)
    expect(refused({ [field]: 'x'.repeat(max + 1) })).toEqual({
      [field]: [`At most ${max.toLocaleString('en')} characters.`],
    })
    expect(refused({ [field]: 'a\0b' })).toEqual({ [field]: ['It holds a NUL character.'] })
    for (const nothing of ['', '   ', '\n\t', undefined, null, 5, {}, []]) {
      expect(refused({ [field]: nothing })[field]?.[0]).toMatch(/^Give /)
    }
  })

  test('takes any writing as it is', () => {
    for (const text of [
      '😀👩‍👩‍👧',
      'مرحبا بالعالم',
      'שלום',
      '<script>alert(1)</script>',
      '{"a": 12345678901234567890}',
      "';--",
    ]) {
      expect(parsed({ [field]: text }).data).toMatchObject({ [field]: text })
    }
  })
})

test('all that is wrong is said at once', () => {
  expect(Object.keys(refused({ name: '', priority: 'high', review: 'maybe' }))).toEqual([
    'name',
    'priority',
    'review',
  ])
})

describe.each([
  ['priority', 0, 9],
  ['maxAttempts', 1, 20],
  ['timeoutSeconds', 1, 86_400],
])('%s', (field, min, max) => {
  test('is a whole number within its limits, from JSON or from a form', () => {
    for (const value of [min, max, `${min}`, ` ${max} `]) {
      expect(parsed({ [field]: value }).data).toMatchObject({ [field]: Number(value) })
    }
    for (const value of [
      min - 1,
      max + 1,
      `${min - 1}`,
      `${max + 1}`,
      1.5,
      '1.5',
      '1e1',
      'x',
      '0x1',
      Infinity,
      true,
      [],
      {},
    ]) {
      expect(refused({ [field]: value })[field], String(value)).toHaveLength(1)
    }
  })

  test('left out, empty or null is not given', () => {
    expect(parsed({}).data).not.toHaveProperty(field)
    expect(parsed({ [field]: '' }).data).toMatchObject({ [field]: null })
    expect(parsed({ [field]: null }).data).toMatchObject({ [field]: null })
  })
})

test('the agent is an id or nobody', () => {
  expect(parsed({ agentId: 'a' }).data?.agentId).toBe('a')
  for (const nobody of ['', null]) expect(parsed({ agentId: nobody }).data?.agentId).toBeNull()
  for (const wrong of [5, {}, 'x'.repeat(65)]) expect(refused({ agentId: wrong })).toHaveProperty('agentId')
})

test('review is one of its words', () => {
  for (const word of ['required', 'none']) expect(parsed({ review: word }).data?.review).toBe(word)
  expect(parsed({ review: '' }).data?.review).toBeNull()
  expect(refused({ review: 'NONE' })).toEqual({ review: ['Review is required or none.'] })
})

describe('a start time without an offset', () => {
  test.each([
    ['Asia/Kolkata', '2098-05-05T09:30', '2098-05-05T04:00:00Z'],
    ['asia/kathmandu', '2098-05-05T09:30', '2098-05-05T03:45:00Z'],
    ['America/New_York', '2031-01-31T09:00', '2031-01-31T14:00:00Z'],
    // the clocks show it twice: the first one
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z'],
    // the clocks leave it out: when they go on
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-03-08T02:30Z', '2026-03-08T02:30:00Z'],
  ])('in %s: %s', (timeZone, runAfter, at) => {
    for (const schema of [newJobInput, jobChangeForm])
      expect(schema.parse({ ...least, runAfter, timeZone })).toEqual({ ...least, runAfter: Date.parse(at) })
    expect(jobChangeInput.parse({ runAfter, timeZone })).toEqual({ runAfter: Date.parse(at) })
  })

  test('is in UTC if no zone is named; an unknown one is refused', () => {
    expect(parsed({ runAfter: '2031-01-31T09:00' }).data?.runAfter).toBe(Date.UTC(2031, 0, 31, 9))
    expect(refused({ runAfter: '2031-01-31T09:00', timeZone: 'Mars/Olympus' })).toEqual({
      timeZone: ['There is no such time zone. Give an IANA name, such as Europe/Berlin.'],
    })
  })

  test('that a form was served with and sends back stays as it is', () => {
    // the second half past one of that night, and a time to the millisecond
    for (const at of [Date.UTC(2026, 10, 1, 6, 30), Date.UTC(2026, 5, 1, 6, 30, 5, 250)]) {
      const timeZone = 'America/New_York'
      const form = {
        ...least,
        timeZone,
        runAfter: localText(at, timeZone),
        runAfterShown: new Date(at).toISOString(),
      }
      expect(jobChangeForm.parse(form).runAfter).toBe(at)
      expect(jobChangeForm.parse({ ...form, runAfter: '2026-06-02T09:30' }).runAfter).toBe(
        Date.UTC(2026, 5, 2, 13, 30),
      )
      expect(jobChangeForm.parse({ ...form, runAfter: '' }).runAfter).toBeNull()
      expect(jobChangeForm.parse({ ...form, runAfterShown: 'soon' }).runAfter).not.toBe(at)
    }
  })
})

describe('runAfter', () => {
  const nine = Date.UTC(2030, 0, 31, 9)
  test.each([
    ['2030-01-31T09:00:00Z', nine],
    ['2030-01-31T09:00:00.250Z', nine + 250],
    ['2030-01-31T09:00:00.250999Z', nine + 250],
    ['2030-01-31T11:00:00+02:00', nine],
    ['2030-01-31T11:00+0200', nine],
    ['2030-01-31T04:00:00-05:00', nine],
    // as datetime-local sends it: read as UTC
    ['2030-01-31T09:00', nine],
    ['2030-01-31 09:00:00', nine],
    [' 2030-01-31T09:00Z ', nine],
    ['2028-02-29T00:00Z', Date.UTC(2028, 1, 29)],
    ['2001-01-01T00:00Z', Date.UTC(2001, 0, 1)],
  ])('%s', (text, at) => {
    expect(parsed({ runAfter: text }).data?.runAfter).toBe(at)
  })

  test.each([
    '2030-01-31',
    '2030-01-31T09',
    'tomorrow',
    '31.01.2030 09:00',
    '2030-02-31T09:00',
    '2027-02-29T09:00Z',
    '2030-13-01T09:00',
    '2030-01-31T25:00',
    '2030-01-31T09:00+2500',
    '2030-01-31T09:00Z and then',
    1_900_000_000_000,
    {},
  ])('is refused: %s', (text) => {
    expect(refused({ runAfter: text })).toEqual({
      runAfter: ['Give a time as ISO 8601, such as 2030-01-31T09:00:00Z.'],
    })
  })

  test('empty is at once', () => {
    for (const nothing of ['', null])
      expect(parsed({ runAfter: nothing, timeZone: 'Asia/Kolkata' }).data?.runAfter).toBeNull()
  })
})

describe('a change', () => {
  test('has only what was given; null and empty clear', () => {
    expect(jobChangeInput.parse({})).toEqual({})
    expect(jobChangeInput.parse({ name: ' New ', agentId: '', runAfter: null, version: '3' })).toEqual({
      name: 'New',
      agentId: null,
      runAfter: null,
      version: 3,
    })
  })

  test('keeps the limits', () => {
    for (const wrong of [{ name: '' }, { name: null }, { priority: 10 }, { version: 0 }, { version: 'x' }]) {
      expect(jobChangeInput.safeParse(wrong).success).toBe(false)
    }
  })
})

test('the verbs: a version where there is one, feedback and answers with words', () => {
  expect(verbInput.parse({})).toEqual({})
  expect(verbInput.parse({ version: '7' })).toEqual({ version: 7 })
  expect(verbInput.safeParse({ version: 'seven' }).success).toBe(false)
  for (const [schema, field] of [
    [feedbackInput, 'feedback'],
    [answerInput, 'answer'],
  ] as const) {
    expect(schema.parse({ [field]: ' more ' })).toEqual({ [field]: 'more' })
    for (const wrong of ['', '  ', undefined, 'x'.repeat(20_001), 'a\0b']) {
      expect(schema.safeParse({ [field]: wrong }).success).toBe(false)
    }
  }
})
