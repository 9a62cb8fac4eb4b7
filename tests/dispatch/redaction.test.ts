import { describe, expect, it, test } from 'vitest'
import { listen } from '~/dispatch/adapters/command/record'
import type { Ending } from '~/dispatch/adapters/command/run-process'
import { redaction } from '~/dispatch/adapters/redact/redaction'
import { namesSecret } from '~/domain/agents/secrets'

const secrets = {
  plain: 'plain-secret-12345',
  quoted: 'pa"ss\\word/98765&x',
  beginsLikeAnEscape: 'n0t-a-line-break!',
  accented: 'gehéimnis-ß-€uro',
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const json = (value: unknown) => JSON.stringify(value)
const ascii = (text: string) =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const ways: Record<string, (secret: string) => string> = {
  'as it is': (secret) => `it is ${secret}, so`,
  'twice in a row': (secret) => secret + secret,
  'as JSON': (secret) => json({ a: secret }),
  'as JSON in JSON': (secret) => json({ a: json({ b: secret }) }),
  'as JSON in JSON in JSON': (secret) => json({ a: json({ b: json([secret]) }) }),
  'as a key of JSON': (secret) => json({ [secret]: 1 }),
  'as JSON of ASCII alone': (secret) => ascii(json({ a: secret })),
  'as JSON with escaped slashes': (secret) => json({ a: secret }).replaceAll('/', '\\/'),
  'in an address': (secret) => `https://x.test/?key=${encodeURIComponent(secret)}&y=1`,
  'in a form': (secret) => new URLSearchParams({ key: secret }).toString(),
  'in lower hex': (secret) => encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
  'in base64': (secret) => base64(secret),
  'in base64 after one byte': (secret) => base64(`:${secret}:`),
  'in base64 after two bytes': (secret) => base64(`ab${secret}`),
  'in base64 for addresses': (secret) => Buffer.from(`x${secret}~~`).toString('base64url'),
}

/** What of a secret can be read in a text, however it is written there: by brute force. */
function readable(text: string, secret: string): boolean {
  const levels = [text]
  for (const level of levels.slice(0, 1)) {
    let inner: unknown = level
    for (let depth = 0; depth < 4; depth++) {
      try {
        inner = JSON.parse(String(inner))
        levels.push(json(inner))
        while (typeof inner === 'object' && inner !== null) {
          const [key, value] = Object.entries(inner)[0] ?? []
          levels.push(String(key), String(value))
          inner = value
        }
      } catch {
        break
      }
    }
  }
  const decoded = [text, ...text.split(/[^\w+/-]/)].flatMap((part) => [
    Buffer.from(part, 'base64').toString(),
    part.includes('%')
      ? decodeURIComponent(part.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'))
      : '',
  ])
  return [...levels, ...decoded].some((each) => each.includes(secret))
}

describe.each(Object.entries(secrets))('a secret that is %s', (_, secret) => {
  const redact = redaction([secret])
  it.each(Object.entries(ways))('%s', (_, write) => {
    const text = write(secret)
    expect(readable(text, secret), 'the test can read it').toBe(true)
    expect(readable(redact.text(text), secret)).toBe(false)
    expect(redact.text(text)).toContain('[redacted]')
    const asJson = text.startsWith('{') ? text : json({ message: text })
    const clean = redact.json(asJson)
    expect(readable(clean, secret)).toBe(false)
    expect(clean).toContain('[redacted]')
    expect(() => JSON.parse(clean)).not.toThrow()
  })
})

describe('JSON', () => {
  it.each([
    { secret: 'n0t-a-break', text: '{"a":"x\\n0t-a-break","b":1}', clean: '{"a":"x\\n0t-a-break","b":1}' },
    { secret: 'ends-in-\\', text: '{"a":"ends-in-\\"","b":1}', clean: '{"a":"ends-in-\\"","b":1}' },
    {
      secret: '12345678',
      text: '{"a":12345678,"b":[1,912345678e1]}',
      clean: '{"a":"[redacted]","b":[1,"[redacted]"]}',
    },
    { secret: '","b":"x', text: '{"a":"","b":"x"}', clean: '{"a":"","b":"x"}' },
    { secret: 'abcdefgh', text: '{"a":"\\u0061bcdefgh","n":1.50}', clean: '{"a":"[redacted]","n":1.50}' },
  ])('stays JSON: $secret in $text', ({ secret, text, clean }) => {
    const redacted = redaction([secret]).json(text)
    expect(redacted).toBe(clean)
    expect(() => JSON.parse(redacted)).not.toThrow()
  })

  it('keeps what is no secret as it was written', () => {
    const text = '{ "n": 12345678901234567890.10, "s": "\\u00e9\\/", "t": [1e400, "x\\n"] }'
    expect(redaction(['some-secret-value']).json(text)).toBe(text)
  })
})

describe('a secret of several lines', () => {
  const lines = ['MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo', '4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onL']
  const key = `-----BEGIN KEY-----\n${lines.join('\n')}\n-----END KEY-----\n`
  const redact = redaction([key])

  it('is redacted line by line, and its first and last line are no secret', () => {
    for (const line of lines) expect(redact.text(`> ${line}`)).toBe('> [redacted]')
    expect(redact.text('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----')
  })

  it('is redacted as a whole, also where `base64` breaks it', () => {
    expect(redact.text(key)).toBe('[redacted]\n')
    expect(redact.json(json({ key }))).toBe('{"key":"[redacted]\\n"}')
    const broken = (base64(key).match(/.{1,76}/g) ?? []).join('\n')
    expect(redact.text(broken).split('\n').slice(0, -1)).toEqual(['[redacted]'])
  })

  it('is not known again by its short lines alone, but in a text that has all of them', async () => {
    const secret = 'one-two\nthree\nfour-five'
    const listener = listen({ emit: async () => undefined, signal: AbortSignal.abort() }, redaction([secret]))
    for (const line of ['it is', ...secret.split('\n'), 'so']) await listener.stdout(line)
    const ending: Ending = { exitCode: 0, signal: null, endedBy: null, outputBytes: 1 }
    const outcome = listener.outcome(ending, { timeoutMs: 1, maxBytes: 1 }, 1)
    expect(outcome).toMatchObject({ result: '"it is\\n[redacted]\\nso"' })
  })
})

test('a value that is too short is left alone, and so is text without a secret', () => {
  expect(redaction(['short12', ' ']).text('short12 and more')).toBe('short12 and more')
  const text = 'nothing in here'
  expect(redaction(['long-enough']).text(text)).toBe(text)
})

test('a secret at a cut is not left in halves', async () => {
  const secret = 'S3CRET-'.repeat(20)
  const events: string[] = []
  const emit = async ({ message }: { message?: string }) => {
    events.push(message ?? '')
  }
  const listener = listen({ emit, signal: new AbortController().signal }, redaction([secret]))
  await listener.stdout('x'.repeat(65_500) + secret)
  await listener.stdout(`{"type":"result","result":"${'y'.repeat(430)}${secret}`)
  await listener.stderr('z'.repeat(980) + secret)
  expect(events.join()).not.toContain('S3CRET')
  const ending: Ending = { exitCode: 1, signal: null, endedBy: null, outputBytes: 1 }
  expect(json(listener.outcome(ending, { timeoutMs: 1, maxBytes: 1 }, 1))).not.toContain('S3CRET')
})

test('the work grows with the text alone, also where text is nearly a secret all the time', () => {
  const redact = redaction([
    'a'.repeat(8000),
    ...Array.from({ length: 5 }, (_, at) => `${'b'.repeat(40)}${at}-${'c'.repeat(40)}`),
  ])
  const text = `${'a'.repeat(7999)}-`.repeat(40) + 'b'.repeat(50_000)
  expect(redact.text(text).length).toBeLessThan(text.length)
  expect(redact.json(json({ text })).length).toBeLessThan(text.length)
})

test.each([
  ...[
    'API_KEY',
    'KEY',
    'AWS_ACCESS_KEY_ID',
    'apiKey',
    'GITHUB_TOKEN',
    'DB_PASSWORD',
    'PGPASSWORD',
    'dbPassword',
  ].map((name) => ({ name, is: true })),
  ...['CLIENT_SECRET', 'GOOGLE_APPLICATION_CREDENTIALS', 'OPENAI_APIKEY'].map((name) => ({ name, is: true })),
  ...['AUTH_MODE', 'KEYBOARD', 'MONKEY_NAME', 'MAX_TOKENS', 'TOKENIZER', 'SECRETARY'].map((name) => ({
    name,
    is: false,
  })),
])('$name names a secret: $is', ({ name, is }) => {
  expect(namesSecret(name)).toBe(is)
})
