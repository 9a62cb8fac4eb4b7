import { describe, expect, it } from 'vitest'
import type { AgentEvent, EarlierAttempt } from '~/dispatch/adapters/adapter'
import { toolbox } from '~/dispatch/adapters/toolbox'
import { toolboxExamples } from '~/domain/agents/examples'

async function run(description: string, options: { earlier?: EarlierAttempt[]; lost?: boolean } = {}) {
  const events: AgentEvent[] = []
  const outcome = await toolbox.run({
    job: {
      id: 'job',
      name: 'Job',
      description,
      acceptanceCriteria: 'Done',
      tags: [],
      metadata: {},
      attempt: 1,
      earlier: options.earlier ?? [],
    },
    attemptId: 'attempt',
    agentName: 'Toolbox',
    config: {},
    workRoot: '/nowhere',
    timeoutMs: null,
    signal: new AbortController().signal,
    emit: async (event) => {
      if (options.lost) throw new Error('lease lost')
      events.push(event)
    },
  })
  return { outcome, events }
}

async function result(description: string) {
  const { outcome } = await run(description)
  if (outcome.type !== 'submit') throw new Error(`not submitted: ${JSON.stringify(outcome)}`)
  return JSON.parse(outcome.result)
}

/** The text, where numbers are exact. */
async function resultText(description: string) {
  const { outcome } = await run(description)
  return outcome.type === 'submit' ? outcome.result : ''
}

async function refusal(description: string) {
  const { outcome } = await run(description)
  expect(outcome).toMatchObject({ type: 'fail', retryable: false })
  return outcome.type === 'fail' ? outcome.reason : ''
}

describe('the toolbox', () => {
  it.each(['Please summarise this', '/unknown\nx', '', '   \n\n', 'stats\nx'])(
    'fails at once on %j and lists what it can do',
    async (description) => {
      const reason = await refusal(description)
      for (const known of ['/stats', '/extract', '/csv', '/json', 'no model']) expect(reason).toContain(known)
    },
  )

  it.each(['/stats', '/extract\n', '/csv\r\n  \r\n', '/json $.a\n'])(
    'says that %j lacks its input',
    async (description) => {
      expect(await refusal(description)).toContain('nothing to work on')
    },
  )

  it('does every example, and says that it has no model', async () => {
    for (const example of toolboxExamples) {
      const { outcome, events } = await run(example.description)
      expect(outcome).toMatchObject({ type: 'submit', usage: { provider: 'docket.toolbox' } })
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ kind: 'call', message: expect.stringContaining('without a model') })
      const answer = JSON.parse(events[0]?.responsePayload ?? '')
      expect(answer).toMatchObject({ model: null, summary: expect.any(String) })
      expect(JSON.parse(events[0]?.requestPayload ?? '')).toMatchObject({
        tool: answer.tool,
        input: expect.any(String),
      })
    }
  })

  it('says honestly after a send-back that it can only do the same again', async () => {
    const earlier = [
      {
        number: 1,
        outcome: 'SUBMITTED',
        result: '{}',
        error: null,
        question: null,
        answer: null,
        feedback: 'Shorter!',
      },
    ]
    const { outcome, events } = await run('/stats\nOne two.', { earlier })
    expect(outcome.type).toBe('submit')
    expect(events[0]).toMatchObject({
      kind: 'message',
      message: expect.stringContaining('cannot act on feedback'),
    })
  })

  it('lets go when nothing it does counts any more', async () => {
    expect((await run('/stats\nOne two.', { lost: true })).outcome.type).toBe('release')
  })

  it('cuts the input it repeats in the log, and says so', async () => {
    const { events } = await run(`/stats\n${'word '.repeat(2000)}`)
    expect(JSON.parse(events[0]?.requestPayload ?? '').input).toMatch(/… \[cut: 8000 more characters\]$/)
  })

  it('can be tested', async () => {
    expect(await toolbox.test({}, new AbortController().signal)).toMatchObject({ ok: true })
  })
})

describe('/stats', () => {
  it('counts', async () => {
    expect(await result('/stats\nThe cat sat. The dog ran!\n\nWhy?')).toMatchObject({
      tool: '/stats',
      characters: 31,
      words: 7,
      distinctWords: 6,
      sentences: 3,
      paragraphs: 2,
      lines: 3,
      readingTimeSeconds: 2,
      mostFrequentWords: expect.arrayContaining([{ word: 'the', count: 2 }]),
      summary: '31 characters, 7 words, 3 sentences; 2 seconds to read.',
    })
  })

  it('counts the same whatever ends the lines', async () => {
    const [unix, dos, mac] = await Promise.all(
      ['\n', '\r\n', '\r'].map((end) => result(`/STATS\n${['One two.', '', 'Three.'].join(end)}`)),
    )
    expect(dos).toEqual(unix)
    expect(mac).toEqual(unix)
  })

  it('counts what people see as characters, and words where no spaces are', async () => {
    expect(await result('/stats\n👩‍👩‍👧 é e\u0301 🇩🇪')).toMatchObject({
      characters: 7,
      charactersWithoutSpaces: 4,
    })
    const { words } = await result('/stats\n私は猫が好きです。')
    expect(words).toBeGreaterThan(3)
  })

  it('takes text on the same line, too', async () => {
    expect(await result('/stats one two three')).toMatchObject({ words: 3 })
  })

  it('handles 50,000 characters and leaves the server turns of its own meanwhile', async () => {
    let turns = 0
    const ticking = setInterval(() => turns++, 1)
    try {
      const [latin, emoji] = await Promise.all([
        result(`/stats\n${'lorem ipsum '.repeat(4166)}`),
        result(`/stats\n${'👩‍👩‍👧'.repeat(6000)}`),
      ])
      expect(latin.words).toBe(8332)
      expect(emoji.characters).toBe(6000)
    } finally {
      clearInterval(ticking)
    }
    expect(turns).toBeGreaterThan(5)
  })
})

describe('/extract', () => {
  const values = (found: { value: string }[]) => found.map(({ value }) => value)

  it('finds addresses, links, dates and numbers, each once', async () => {
    const found = await result(`/extract
Mail ada@example.org or ada@example.org, see (https://example.org/a_(b)?x=1). Due 2026-02-28, 3 March 2026,
March 4th, 2026, 28.02.2026, 5/6/2026; never 2026-02-30. Pay 1,250.50 of -3 and 6.02e23, not v1.2.3 at 10.0.0.1.`)
    expect(found.emails).toEqual([{ value: 'ada@example.org', count: 2 }])
    expect(values(found.urls)).toEqual(['https://example.org/a_(b)?x=1'])
    expect(found.dates.map(({ iso }: { iso: string | null }) => iso)).toEqual([
      '2026-02-28',
      '2026-03-03',
      '2026-03-04',
      '2026-02-28',
      null,
    ])
    expect(values(found.numbers)).toEqual(expect.arrayContaining(['1,250.50', '-3', '6.02e23']))
    expect(values(found.numbers)).not.toContain('10.0')
    expect(found.summary).toContain('1 email address,')
  })

  it('finds nothing where nothing is', async () => {
    expect(await result('/extract\nno such thing')).toMatchObject({
      emails: [],
      urls: [],
      dates: [],
      numbers: [],
    })
  })

  it.each([
    ['a'.repeat(50_000)],
    [`https://x${')'.repeat(50_000)}`],
    ['1'.repeat(50_000)],
    ['1,'.repeat(25_000)],
    ['a@'.repeat(25_000)],
    [`a@${'b.'.repeat(25_000)}`],
    ['a.'.repeat(25_000)],
    ['january '.repeat(6_000)],
  ])('is not slowed down by what looks almost like a match (%#)', async (text) => {
    const started = performance.now()
    await result(`/extract\n${text}`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('/csv', () => {
  it('summarizes the first 1,000 columns and counts all of them', async () => {
    const csv = await result(`/csv\n${'a,'.repeat(1200)}b\n${','.repeat(1200)}`)
    expect(csv).toMatchObject({ rows: 1, columnCount: 1201 })
    expect(csv.columns).toHaveLength(1000)
    expect(csv.summary).toBe('1 row, 1,201 columns, 1,000 missing values in the first 1,000 columns.')
  })

  it('describes the columns', async () => {
    const csv = await result(
      '/csv\nid,price,day,ok,who,none\n1,0.1,2026-01-02,yes,"Ada, L",\n2,0.2,2026-01-01,no,Bo,NA\n4,,2026-01-03,no,Bo,',
    )
    expect(csv).toMatchObject({ tool: '/csv', delimiter: ',', rows: 3 })
    expect(csv.columns).toEqual([
      { name: 'id', type: 'integer', min: 1, max: 4, mean: 2.33333333333, missing: 0, distinct: 3 },
      { name: 'price', type: 'number', min: 0.1, max: 0.2, mean: 0.15, missing: 1, distinct: 2 },
      {
        name: 'day',
        type: 'date',
        min: '2026-01-01',
        max: '2026-01-03',
        mean: null,
        missing: 0,
        distinct: 3,
      },
      { name: 'ok', type: 'boolean', min: 'no', max: 'yes', mean: null, missing: 0, distinct: 2 },
      { name: 'who', type: 'text', min: 'Ada, L', max: 'Bo', mean: null, missing: 0, distinct: 2 },
      { name: 'none', type: 'empty', min: null, max: null, mean: null, missing: 3, distinct: 0 },
    ])
  })

  it('keeps every digit of long integers, and zeros in front of codes', async () => {
    const text = await resultText('/csv\naccount,code\n9007199254740993,007\n+12345678901234567890,042')
    expect(text).toContain('"min":9007199254740993,"max":12345678901234567890')
    expect(text).toContain('"type":"text","min":"007"')
  })

  it('reads semicolons, CRLF, a byte order mark and nameless columns', async () => {
    expect(await result('/csv\r\n\uFEFFa;;"c;d"\r\n1;2;3\r\n\r\n')).toMatchObject({
      delimiter: ';',
      rows: 1,
      columns: [{ name: 'a' }, { name: 'column 2' }, { name: 'c;d' }],
    })
  })

  it('has an empty description for a table without rows', async () => {
    expect(await result('/csv\na,b')).toMatchObject({
      rows: 0,
      columns: [{ type: 'empty' }, { type: 'empty' }],
    })
  })

  it.each(['a,b\n1,2,3', 'a,b\n"1,2', 'a,b\n1"x,2'])('says what is wrong with %j', async (text) => {
    expect(await refusal(`/csv\n${text}`)).toMatch(/^The CSV cannot be read: .*line \d/)
  })
})

describe('/json', () => {
  const document = `{"a":{"b":[{"id":9007199254740993},{"id":1.50}]},"x y":"z","__proto__":{"p":1}}`

  it('says that it is valid, and what is in it', async () => {
    expect(await result(`/json\n${document}`)).toMatchObject({
      valid: true,
      type: 'object',
      nodes: 10,
      depth: 5,
      duplicateNames: [],
    })
    expect(await result('/json\n{"a":1,"a":2}')).toMatchObject({ valid: true, duplicateNames: ['a'] })
    expect(await result('/json [1,\n2]')).toMatchObject({ valid: true, type: 'array' })
  })

  it.each([
    ['$', 1, `[${document}]`],
    ['$.a.b[0]', 1, '[{"id":9007199254740993}]'],
    ['$.a.b[-1].id', 1, '[1.50]'],
    ["$['x y']", 1, '["z"]'],
    ['$["x y"]', 1, '["z"]'],
    ['$..id', 2, '[9007199254740993,1.50]'],
    ['$.a.b[*].id', 2, '[9007199254740993,1.50]'],
    ['$.__proto__.p', 1, '[1]'],
    ['$.a.*', 1, '[[{"id":9007199254740993},{"id":1.50}]]'],
  ])('picks %s, digit for digit', async (path, matches, values) => {
    const text = await resultText(`/json ${path}\n${document}`)
    expect(text).toContain(`"matches":${matches},"values":${values}`)
  })

  it.each([
    ['$.a.c', '$.a has no .c. It has: b.'],
    ['$.a.b[7]', '$.a.b has no [7]. It is an array of 2.'],
    ['$.toString', 'has no .toString'],
    ['$.a[?@.x]', 'not understood from “[?@.x]” on'],
    ['$.a.b[0:1]', 'not understood'],
    ['$a', 'not understood'],
  ])('says where %s leads nowhere', async (path, reason) => {
    expect(await refusal(`/json ${path}\n${document}`)).toContain(reason)
  })

  it.each([
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n  "a" 1\n}', 'line 2, column 7'],
    ['[1, 2', 'line 1, column 6'],
    ['{a: 1}', 'line 1, column 2'],
    ['nul', 'line 1, column 1'],
    ['1 2', 'line 1, column 3'],
  ])('says where %j is not valid', async (text, where) => {
    expect(await refusal(`/json\n${text}`)).toContain(where)
  })

  it('bounds what hostile input costs', async () => {
    const started = performance.now()
    expect(await refusal(`/json\n${'['.repeat(49_000)}`)).toContain('nested too deeply')
    expect(await refusal(`/json $..*..*..*..*\n${'['.repeat(900)}${']'.repeat(900)}`)).toContain('more than')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
