import { expect, test } from 'vitest'
import { completionForm } from '~/domain/jobs/input'
import { maxResult, resultJson } from '~/domain/jobs/result-text'

test('JSON is kept as it was written, but for the space around it', () => {
  for (const json of ['{"a": 12345678901234567890}', '[1.0, 1e400]', '"text"', 'null', '-0']) {
    expect(resultJson(`\n ${json} `, 'json')).toEqual({ json })
  }
})

test('text is kept whole, as a JSON string', () => {
  for (const text of ['{"a": 1}', ' \n"quoted" \\ ', 'null', '🦊'])
    expect(JSON.parse(resultJson(text, 'text').json as string)).toBe(text)
})

test.each([
  ['{"a": 1,}', 1, 9],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['[1, 2', 1, 6],
  ['nothing', 1, 1],
  ['{"a": 1} and more', 1, 10],
  ['{"a": 1, "a": 2}', 1, 11],
])('%j is refused with its place', (text, line, column) => {
  expect(resultJson(text, 'json').problem).toContain(`at line ${line}, column ${column}: `)
})

test('what is too long or too deep is refused', () => {
  expect(resultJson('['.repeat(200_000) + ']'.repeat(200_000), 'json').problem).toBe(
    'This JSON nests too deeply.',
  )
  for (const format of ['json', 'text'] as const)
    expect(resultJson('x'.repeat(maxResult + 1), format).problem).toContain('at most 500,000 characters')
})

test('a form: empty or null keeps the result, lines end as elsewhere, half a character becomes one', () => {
  const form = (result: string, resultFormat?: string) =>
    completionForm.parse({ reason: 'r', result, resultFormat })
  expect(form(' \r\n ')).not.toHaveProperty('result')
  // as null is by JSON
  expect(form(' null ')).not.toHaveProperty('result')
  expect(form('null', 'text')).toMatchObject({ result: '"null"' })
  expect(form('a\r\nb', 'text')).toMatchObject({ result: '"a\\nb"' })
  expect(form('"\ud800"')).toMatchObject({ result: '"\ufffd"' })
  expect(completionForm.safeParse({ reason: 'r', result: '1', resultFormat: 'xml' }).success).toBe(false)
})
