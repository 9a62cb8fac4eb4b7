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
})

test.each([
  ['{"password":12345}', '{"password":"[redacted]"}'],
  ['{"password": {"v": "hunter2"}, "b":1.10}', '{"password": "[redacted]", "b":1.10}'],
  ['{"api_key":["abc-secret",{"x":[]}],"b":"c"}', '{"api_key":"[redacted]","b":"c"}'],
  ['{"a":{"token":-1.5e3}}', '{"a":{"token":"[redacted]"}}'],
  ['{"secret":{"text":"}]{\\"","b":1},"c":[1]}', '{"secret":"[redacted]","c":[1]}'],
  ['"{\\"password\\":\\"x\\"}"', '"{\\"password\\":\\"[redacted]\\"}"'],
  [
    JSON.stringify({ body: '{"a":"{\\"secret\\":7}"}' }),
    '{"body":"{\\"a\\":\\"{\\\\\\"secret\\\\\\":\\\\\\"[redacted]\\\\\\"}\\"}"}',
  ],
  [
    '["GET /\\nAuthorization: Basic b2xpdmU6aHVudGVyMg==\\nAccept: */*"]',
    '["GET /\\nAuthorization: Basic [redacted]\\nAccept: */*"]',
  ],
  ['["\\nBearer abcdefghijklmnop"]', '["\\nBearer [redacted]"]'],
  ['["https://a.example/?access_token=abc\\/def&n=1"]', '["https://a.example/?access_token=[redacted]&n=1"]'],
  ['"user=olive&password=hunter2&go=1"', '"user=olive&password=[redacted]&go=1"'],
  // cut where it was too long
  ['{"a":1,"password":{"v":["hunter2"', '{"a":1,"password":"[redacted]"'],
  ['{"Authorization":"Digest x\\', '{"Authorization":"[redacted]"'],
  ['{"password":123', '{"password":"[redacted]"'],
  ['{"body":"{\\"password\\":\\"hunter2', '{"body":"{\\"password\\":\\"[redacted]\\"'],
  [
    '{"body":"{\\"password\\":\\"x\\",\\"b\\":\\"\\u00',
    '{"body":"{\\"password\\":\\"[redacted]\\",\\"b\\":\\"',
  ],
])('of %s what is secret goes', (json, clean) => {
  expect(redacted(json)).toBe(clean)
  // what was redacted once is not redacted more
  expect(redacted(clean)).toBe(clean)
})

test.each([
  '{"inputTokens":5,"max_tokens":100,"tokens":{"in":1},"access_tokens":3,"cookie_count":1,"secretVersion":2}',
  '{"password":true,"token":null,"secret": false , "b":1}',
  '["password", 12, {"a":"password"}, "Basic training: none", "the token: a word", "next_token=7"]',
  '{"text":"she said \\"so\\": \\u00e9\\/"}',
  '{"a":[1.10,12345678901234567890],"b":{"c":[]}}',
  '"if (password == typed) {}"',
  'Not JSON at all: {[ "',
])('%s stays as it is', (json) => {
  expect(redacted(json)).toBe(json)
})

test('megabytes made to slow it down are read once', () => {
  for (const hostile of [
    `{"a":"${'password'.repeat(100_000)}"}`,
    `{"a":"${'\\"'.repeat(500_000)}"}`,
    '"'.repeat(1_000_001),
    `"${'\\'.repeat(1_000_001)}`,
    `"a"${' '.repeat(1_000_000)}`,
    'Bearer '.repeat(200_000),
    `{"password":${'['.repeat(1_000_000)}`,
    'authorization: '.repeat(100_000),
    'access_token='.repeat(100_000),
    `"${'\\'.repeat(500_000)}\\""`,
    JSON.stringify(JSON.stringify(JSON.stringify(['"'.repeat(100_000)]))),
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
