import { expect, test } from 'vitest'
import { capped, cut, maxPayload, redacted, sentence } from '~/domain/payload.server'

test('secrets go by the names of their keys and by their shape; numbers stay exact', () => {
  const json =
    '{"apiKey": "k", "n": 12345678901234567890, "a": {"Authorization" : "x\\"y", "token":"t", "tokens": 5}}'
  expect(redacted(json)).toBe(
    '{"apiKey": "[redacted]", "n": 12345678901234567890, "a": {"Authorization" : "[redacted]", "token":"[redacted]", "tokens": 5}}',
  )
  expect(redacted('["Bearer abcdefghijklmnop", "sk-abcdefghijklmnop", "password"]')).toBe(
    '["Bearer [redacted]", "sk-[redacted]", "password"]',
  )
  expect(redacted('{"password":["a"],"b":"c"}')).toBe('{"password":["a"],"b":"c"}')
})

test('megabytes made to slow it down are read once', () => {
  for (const hostile of [
    `{"a":"${'password'.repeat(100_000)}"}`,
    `{"a":"${'\\"'.repeat(500_000)}"}`,
    '"'.repeat(1_000_001),
    `"${'\\'.repeat(1_000_001)}`,
    `"a"${' '.repeat(1_000_000)}`,
    'Bearer '.repeat(200_000),
  ]) {
    expect(redacted(hostile).length).toBeGreaterThan(0)
  }
})

test('what is long is cut, marked, and still JSON', () => {
  const long = JSON.stringify({ secret: 'x', text: '😀'.repeat(maxPayload) })
  const kept = JSON.parse(capped(long)) as { truncated: boolean; characters: number; head: string }
  expect(kept).toMatchObject({ truncated: true, characters: long.length })
  expect(kept.head).toContain('[redacted]')
  expect(kept.head.isWellFormed()).toBe(true)
  expect(capped('{"a":1}')).toBe('{"a":1}')
})

test('a cut never goes through a character', () => {
  expect(cut('abc', 3)).toBe('abc')
  expect(cut('a😀b', 2)).toBe('a… [cut: 4 characters in all]')
})

test('a reason ends as a sentence does', () => {
  expect(['It broke', 'It broke.', 'Why?', 'lines:\n '].map(sentence)).toEqual([
    'It broke.',
    'It broke.',
    'Why?',
    'lines:',
  ])
})
