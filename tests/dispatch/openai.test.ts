import { createServer } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AgentEvent, EarlierAttempt, RunContext } from '~/dispatch/adapters/adapter'
import { openaiAdapter } from '~/dispatch/adapters/openai'
import type { OpenaiConfig } from '~/domain/agents/config'
import {
  answers,
  type ChatServer,
  calls,
  cuts,
  delta,
  envelope,
  holds,
  refuses,
  replies,
  silent,
  someUsage,
  startChatServer,
  writes,
} from '../support/chat-server'
import { until } from '../support/until'

let server: ChatServer
let pauses: number[]
beforeEach(async () => {
  server = await startChatServer()
  pauses = []
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server.close()
})

const key = 'sk-test-0123456789abcdef'

interface Options {
  config?: Partial<OpenaiConfig>
  job?: Partial<RunContext['job']>
  timeoutMs?: number
  signal?: AbortSignal
  onEvent?: (event: AgentEvent) => void | Promise<void>
}

/** Does one attempt; waits take no time but are noted in `pauses`. */
async function run({ config, job, timeoutMs, signal, onEvent }: Options = {}) {
  const events: AgentEvent[] = []
  const adapter = openaiAdapter(async (ms) => {
    pauses.push(ms)
  })
  const outcome = await adapter.run({
    job: {
      id: 'job-1',
      name: 'Count the words',
      description: 'Count the words of this.',
      acceptanceCriteria: '- It counts\n\n2. It is right',
      tags: [],
      metadata: {},
      attempt: 1,
      earlier: [],
      ...job,
    },
    attemptId: 'attempt-1',
    agentName: 'Test',
    config: { baseUrl: server.url, model: 'asked-model', ...config },
    workRoot: '/nowhere',
    timeoutMs: timeoutMs ?? null,
    signal: signal ?? new AbortController().signal,
    emit: async (event) => {
      await onEvent?.(event)
      events.push(event)
    },
  })
  const messages = events.flatMap(({ kind, message }) => (kind === 'message' ? [message ?? ''] : []))
  const recorded = events
    .filter(({ kind }) => kind === 'call')
    .map(({ message, requestPayload, responsePayload }) => ({
      message,
      request: JSON.parse(requestPayload ?? 'null'),
      response: JSON.parse(responsePayload ?? 'null'),
    }))
  return { outcome, events, messages, recorded }
}

const earlier = (number: number, said: Partial<EarlierAttempt>): EarlierAttempt => ({
  number,
  ...{ outcome: 'SUBMITTED', result: null, error: null, question: null, answer: null, feedback: null },
  ...said,
})

describe('a job that goes well', () => {
  it('is handed in, with its usage and both sides of the call on the record', async () => {
    server.script(
      answers(['{"question":null,', '"result":"Five ', 'words."}'], {
        usage: { ...someUsage, prompt_tokens_details: { cached_tokens: 40 } },
      }),
    )
    const prices = { inputPrice: 2, outputPrice: 10, cacheReadPrice: 0.5 }
    const { outcome, recorded } = await run({
      config: { apiKey: key, instructions: 'You count.', temperature: 0.2, maxOutputTokens: 50, ...prices },
    })
    expect(outcome).toEqual({
      type: 'submit',
      result: '"Five words."',
      usage: {
        provider: new URL(server.url).host,
        requestModel: 'asked-model',
        responseModel: 'served-model',
        inputTokens: 100,
        outputTokens: 20,
        cacheReadTokens: 40,
        finishReason: 'stop',
        durationMs: expect.any(Number),
        costUsd: (60 * 2 + 40 * 0.5 + 20 * 10) / 1e6,
        costSource: 'estimated',
      },
    })
    expect(recorded).toHaveLength(1)
    expect(recorded[0]?.message).toMatch(/^asked-model at 127\.0\.0\.1:\d+ answered in .* It read 100 tokens/)
    expect(recorded[0]?.request).toMatchObject({
      url: `${server.url}/chat/completions`,
      model: 'asked-model',
      temperature: 0.2,
      max_tokens: 50,
      messages: [{ role: 'system' }, { role: 'user' }],
    })
    expect(recorded[0]?.response).toMatchObject({
      text: envelope('Five words.'),
      finishReason: 'stop',
      usage: { prompt_tokens: 100 },
    })
  })

  it('is asked for as the protocol has it', async () => {
    await run({ config: { apiKey: key, instructions: 'You count.' } })
    const [call] = server.calls
    expect(call?.headers.authorization).toBe(`Bearer ${key}`)
    expect(call?.body).toMatchObject({
      model: 'asked-model',
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { schema: { required: ['question', 'result'] } } },
    })
    expect(call?.body).not.toHaveProperty('temperature')
    expect(call?.body).not.toHaveProperty('max_tokens')
    expect(call?.body.messages[0]?.content).toMatch(/^You count\.\n\nAnswer with one JSON object/)
    expect(call?.body.messages[1]?.content).toBe(
      '# Count the words\n\nCount the words of this.\n\n## Acceptance criteria\n\nThe result is judged by each of these:\n1. It counts\n2. It is right',
    )
  })

  it('tells the model the tags and the metadata of the job', async () => {
    await run({ job: { tags: ['billing', 'urgent'], metadata: { customer: 'Acme', ticket: '4711' } } })
    expect(server.calls[0]?.body.messages[1]?.content).toMatch(
      /2\. It is right\n\n## About the job\n\nTags: billing, urgent\ncustomer: Acme\nticket: 4711$/,
    )
  })

  it('needs no key, and takes nothing from the environment of the server', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-server-0123')
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9/v1')
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-the-server')
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Secret: of-the-server\nAuthorization: Bearer of-the-server')
    expect((await run()).outcome.type).toBe('submit')
    const { headers } = server.calls[0]!
    expect(headers).not.toHaveProperty('authorization')
    expect(JSON.stringify(headers)).not.toContain('of-the-server')
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([])
  })

  it.each([
    ['a path with a slash at its end', '/'],
    ['a path without', ''],
  ])('takes %s', async (_, ending) => {
    expect((await run({ config: { baseUrl: server.url + ending } })).outcome.type).toBe('submit')
  })

  it.each([
    ['an object', envelope({ n: 1 }), '{"n":1}'],
    [
      'numbers exactly as they are',
      '{"question":null,"result":{"id":12345678901234567890}}',
      '{"id":12345678901234567890}',
    ],
    ['an envelope in a fence', `\`\`\`json\n${envelope('x')}\n\`\`\``, '"x"'],
    ['an object without its envelope', '{"words": 5}', '{"words":5}'],
    ['text that is no JSON', 'Five words.', '"Five words."'],
    ['JSON that breaks off', '{"question":null,"result":"Fi', '"{\\"question\\":null,\\"result\\":\\"Fi"'],
    ['a question that is none', envelope('x', ''), '"x"'],
    ['a question called null', envelope('x', 'null'), '"x"'],
    ['text after thoughts', '<think>\nFive? `</p>`\n</think>\n\nFive words.', '"Five words."'],
    ['text directly after thoughts', '<think>Five?</think>Five words.', '"Five words."'],
    [
      'an envelope after thoughts that began unseen',
      `Hm, five?\n</think>\n\n${envelope('Five.')}`,
      '"Five."',
    ],
    ['an object after thoughts that began unseen', 'Hm, five?\n</think>\n\n{"n":5}', '{"n":5}'],
    [
      'an envelope after thoughts about tags',
      `<think>\n<think>x</think> is\n</think>\n\n${envelope('y')}`,
      '"y"',
    ],
    ['an envelope after thoughts', `<think>x</think>${envelope('y')}`, '"y"'],
    ...[
      'Models write <think> and </think>.',
      '<think> and </think> are tags.',
      '<think>x</think>, as models write it.',
      'It ends with\n</think>\n\nand then the answer begins.',
      'Like this:\n\n```\n<think>\nhidden\n</think>\n```\n\nRemove them.',
    ].map((text) => ['text that shows the tags of thoughts', text, JSON.stringify(text)]),
  ])('takes as the result %s', async (_, text, result) => {
    server.script(answers([...text]))
    expect((await run()).outcome).toMatchObject({ type: 'submit', result })
  })

  it('leaves reasoning out of the result, and says that the model thinks', async () => {
    server.script(answers(envelope('Five.'), { reasoning: ['Let me ', 'count.'] }))
    const { outcome, events, recorded } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Five."' })
    expect(events.filter(({ message }) => message === 'The model thinks.')).toHaveLength(1)
    expect(recorded[0]?.response).toMatchObject({ reasoningCharacters: 13 })
    expect(JSON.stringify(events)).not.toContain('Let me')
  })

  it('takes an answer that comes whole, and one whose usage is lost with the connection', async () => {
    server.script(
      replies(200, {
        model: 'whole',
        choices: [{ message: { role: 'assistant', content: 'All at once.' }, finish_reason: 'stop' }],
        usage: someUsage,
      }),
    )
    const whole = (await run()).outcome
    expect(whole).toMatchObject({
      type: 'submit',
      result: '"All at once."',
      usage: { responseModel: 'whole', inputTokens: 100 },
    })
    server.script((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const end = delta(
        { content: 'Done.' },
        { choices: [{ delta: { content: 'Done.' }, finish_reason: 'stop' }] },
      )
      response.write(`data: ${JSON.stringify(end)}\n\n`, () => response.destroy())
    })
    expect((await run()).outcome).toMatchObject({ type: 'submit', result: '"Done."' })
    expect(pauses).toEqual([])
  })

  it('reads past comments, odd chunks and lines that are no data', async () => {
    server.script(
      writes(
        ': OPENROUTER PROCESSING',
        'garbage',
        'event: ping\ndata: {"type":"ping"}',
        'data: {"choices":null}',
        'data: {"choices":[]}',
        `data: ${JSON.stringify(delta({ content: 'Still ' }))}`,
        `data: ${JSON.stringify(delta({ content: 7 }))}`,
        `data: ${JSON.stringify(delta({ content: 'here.' }, { choices: [{ delta: { content: 'here.' }, finish_reason: 'stop' }], usage: 'none' }))}`,
        'data: [DONE]',
      ),
    )
    const { outcome } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Still here."' })
    expect(outcome.usage).not.toHaveProperty('inputTokens')
  })
})

describe('what it costs', () => {
  const cost = async (usage: object | null, config: Partial<OpenaiConfig>) => {
    server.script(answers(envelope('x'), { usage }))
    const { costUsd, costSource } = (await run({ config })).outcome.usage ?? {}
    return { costUsd, costSource }
  }
  const none = { costUsd: undefined, costSource: undefined }
  const prices = { inputPrice: 1, outputPrice: 3 }

  it('is what the server reports, before any estimate', async () => {
    expect(await cost({ ...someUsage, cost: 0.0042 }, prices)).toEqual({
      costUsd: 0.0042,
      costSource: 'reported',
    })
  })
  it('is estimated by the prices, cached tokens at the price of input where they have none', async () => {
    const usage = { ...someUsage, prompt_tokens_details: { cached_tokens: 90 } }
    expect(await cost(usage, prices)).toEqual({ costUsd: 0.00016, costSource: 'estimated' })
    expect(
      await cost({ ...someUsage, prompt_cache_hit_tokens: 50 }, { ...prices, cacheReadPrice: 0 }),
    ).toEqual({
      costUsd: 0.00011,
      costSource: 'estimated',
    })
  })
  it('is not known without prices, or without usage', async () => {
    expect(await cost(someUsage, {})).toEqual(none)
    expect(await cost(null, prices)).toEqual(none)
    expect(await cost({ prompt_tokens: 'many', completion_tokens: -1 }, prices)).toEqual(none)
  })
})

describe('a question', () => {
  it('goes to the person', async () => {
    server.script(answers(envelope(null, ' Ascending or descending? ')))
    expect((await run()).outcome).toMatchObject({
      type: 'requestInput',
      question: 'Ascending or descending?',
      usage: { outputTokens: 20 },
    })
  })
})

describe('what the model is told of earlier attempts', () => {
  const told = async (attempts: EarlierAttempt[]) => {
    await run({ job: { attempt: attempts.length + 1, earlier: attempts } })
    return String(server.calls.at(-1)?.body.messages[1]?.content)
  }

  it('is all that was said: results, errors, questions, answers and feedback, oldest first', async () => {
    const text = await told([
      earlier(1, { error: 'It timed out' }),
      earlier(2, { question: 'Which way?', answer: 'Down' }),
      earlier(3, {}),
      earlier(4, { result: '"First\\nline"', feedback: 'Shorter' }),
      earlier(5, { result: '{"n":1}' }),
    ])
    expect(text.slice(text.indexOf('## What'))).toBe(
      [
        '## What came before',
        'This is attempt 6. Heed the feedback and the answers below.',
        '### Attempt 1',
        'Failed with:\nIt timed out',
        '### Attempt 2',
        'Question:\nWhich way?',
        'Answer of the person:\nDown',
        '### Attempt 4',
        'Result:\nFirst\nline',
        'Feedback of the person:\nShorter',
        '### Attempt 5',
        'Result:\n{"n":1}',
      ].join('\n\n'),
    )
  })

  it('is cut where it is long, and says so', async () => {
    const long = JSON.stringify('y'.repeat(30_000))
    const text = await told([
      ...Array.from({ length: 9 }, (_, at) =>
        earlier(at + 1, { result: long, feedback: `Feedback ${at + 1}` }),
      ),
      earlier(10, { result: long, feedback: 'z'.repeat(5000) }),
    ])
    expect(text.length).toBeLessThan(42_000)
    expect(text).toContain('z… [cut: 5,000 characters in all]')
    expect(text).toContain('y… [cut: 30,000 characters in all]')
    expect(text).toMatch(/\[cut: \d earlier attempts\]/)
    expect(text).toContain('Feedback 9')
    expect(text).not.toContain('Feedback 1\n')
  })
})

describe('a server that takes less', () => {
  it('is asked for any JSON object, then for plain text, and the log says so', async () => {
    const no = refuses(400, { message: "'response_format.type' must be one of...", param: 'response_format' })
    server.script(no, no, answers('Plain.'))
    const { outcome, messages, recorded } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Plain."' })
    expect(server.calls.map(({ body }) => body.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ])
    expect(server.calls[2]?.body.messages[0]?.content).not.toContain(
      'JSON object and nothing else: {"question": null',
    )
    expect(messages.filter((message) => message.includes('response_format'))).toHaveLength(2)
    expect(recorded.map(({ response }) => response.error?.status)).toEqual([400, 400, undefined])
    expect(pauses).toEqual([])
  })

  it.each([
    [
      'FastAPI',
      replies(422, { detail: [{ loc: ['body', 'response_format'], msg: 'extra fields not permitted' }] }),
    ],
    ['a bare message', replies(400, { object: 'error', message: 'json_schema is not supported' })],
    ['an error that is text', replies(500, { error: 'failed to parse grammar' })],
    ['plain text', (response) => void response.writeHead(400).end('response_format: unknown field')],
  ] satisfies [string, Parameters<ChatServer['script']>[0]][])(
    'is understood in the words of %s',
    async (_, no) => {
      server.script(no, answers(envelope('Good.')))
      expect((await run()).outcome).toMatchObject({ type: 'submit', result: '"Good."' })
      expect(server.calls[1]?.body.response_format).toEqual({ type: 'json_object' })
      expect(pauses).toEqual([])
    },
  )

  it('reads an envelope in plain text, but no other object', async () => {
    const no = refuses(400, { message: 'no response_format' })
    server.script(no, no, answers('{"question": "Which?"}'))
    expect((await run()).outcome).toMatchObject({ type: 'requestInput', question: 'Which?' })
    server.script(no, no, answers('{"words": 5}'))
    expect((await run()).outcome).toMatchObject({ type: 'submit', result: JSON.stringify('{"words": 5}') })
  })

  it('is asked without stream_options, and with max_completion_tokens', async () => {
    server.script(
      refuses(400, { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." }),
      refuses(400, { message: 'Unknown field', param: 'stream_options' }),
      answers(envelope('Good.'), { usage: null }),
    )
    const { outcome } = await run({ config: { maxOutputTokens: 9 } })
    expect(outcome.type).toBe('submit')
    expect(server.calls[2]?.body).toMatchObject({ max_completion_tokens: 9 })
    expect(server.calls[2]?.body).not.toHaveProperty('max_tokens')
    expect(server.calls[2]?.body).not.toHaveProperty('stream_options')
  })
})

describe('a server that is busy or broken', () => {
  it('is asked again after the wait it asks for, each time with a line in the log', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString()
    server.script(
      refuses(429, { message: 'Slow down' }, { 'retry-after': '7' }),
      refuses(429, { message: 'Slow down' }, { 'retry-after-ms': '250', 'retry-after': '9' }),
      refuses(503, { message: 'Overloaded' }, { 'retry-after': date }),
      replies(500, '<html>Oops</html>'),
      answers(envelope('Good.')),
    )
    const { outcome, messages, recorded } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Good."' })
    expect(pauses.slice(0, 2)).toEqual([7000, 250])
    expect(pauses[2]).toBeGreaterThan(27_000)
    expect(pauses[2]).toBeLessThanOrEqual(30_000)
    expect(pauses[3]).toBeGreaterThanOrEqual(5600)
    expect(pauses[3]).toBeLessThanOrEqual(8000)
    expect(messages.slice(0, 2)).toEqual([
      'Waits 7 s, as the server asks, then tries again (try 2 of 5).',
      'Waits 250 ms, as the server asks, then tries again (try 3 of 5).',
    ])
    expect(messages[3]).toMatch(/^Waits \d(\.\d)? s, then tries again \(try 5 of 5\)\.$/)
    expect(recorded.map(({ response }) => response.error?.status)).toEqual([429, 429, 503, 500, undefined])
    expect(recorded[3]?.message).not.toContain('Oops')
  })

  it('counts what an answer used that broke off', async () => {
    const usage = { prompt_tokens: 90, completion_tokens: 5, cost: 0.1 }
    server.script(
      answers('Half', { finish: 'error', usage }),
      answers(envelope('Good.'), { usage: { ...someUsage, cost: 0.2 } }),
    )
    const { outcome, events } = await run()
    const whole = { inputTokens: 190, outputTokens: 25, costUsd: 0.3 }
    expect(outcome).toMatchObject({ type: 'submit', usage: { ...whole, finishReason: 'stop' } })
    // reported call by call, for an attempt that is canceled or dies in between
    expect(events.flatMap(({ usage }) => usage ?? [])).toMatchObject([
      { inputTokens: 90, outputTokens: 5, costUsd: 0.1 },
      whole,
    ])
  })

  it('fails after five tries, to be tried again later', async () => {
    server.script(...Array.from({ length: 6 }, () => refuses(500, { message: 'Boom' })))
    const { outcome } = await run()
    expect(server.calls).toHaveLength(5)
    expect(outcome).toMatchObject({ type: 'fail', retryable: true, usage: { errorType: '500' } })
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringMatching(/^It was tried 5 times\. .* It says: Boom\.$/),
    )
    expect(pauses).toHaveLength(4)
  })

  it('is not waited for beyond the time limit', async () => {
    server.script(refuses(429, {}, { 'retry-after': '120' }))
    const { outcome } = await run({ timeoutMs: 60_000 })
    expect(outcome).toMatchObject({ type: 'fail', retryable: true, usage: { errorType: '429' } })
    expect(outcome).toHaveProperty('retryAfterMs', 120_000)
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringMatching(/2 min, as the server asks, would pass the time limit of 60 s/),
    )
    expect(pauses).toEqual([])
    expect(server.calls).toHaveLength(1)
  })

  it.each([
    ['119', '119 s'],
    ['5400', '90 min'],
    ['9000', '2.5 h'],
    ['99999999', '1,157.4 days'],
  ])('that asks for %s s is said to ask for %s', async (asked, said) => {
    server.script(refuses(429, {}, { 'retry-after': asked }))
    const { outcome } = await run({ timeoutMs: 60_000 })
    expect(outcome).toHaveProperty('retryAfterMs', Number(asked) * 1000)
    expect(outcome).toHaveProperty('reason', expect.stringContaining(`To wait ${said}, as the server asks`))
  })

  it('is not asked again where the account has no credit', async () => {
    server.script(refuses(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }))
    expect((await run()).outcome).toMatchObject({ type: 'fail', retryable: false })
    expect(pauses).toEqual([])
  })

  it.each([
    ['cut in the middle', cuts('{"question":null,"result":"Half')],
    ['ended without a finish', writes(`data: ${JSON.stringify(delta({ content: 'Half' }))}`)],
    ['nothing', answers('')],
    ['a call of a tool', calls('search', '{"q":"x"}', 'Let me look.')],
    ['broken by garbage', writes(`data: ${JSON.stringify(delta({ content: 'Half' }))}`, 'data: {nonsense')],
    ['ended by an error', writes('data: {"error":{"code":502,"message":"Provider gone"}}')],
    ['ended with the reason error', answers('Half', { finish: 'error' })],
  ])('has an answer that is %s: asks again, and takes nothing of it', async (_, turn) => {
    server.script(turn, answers(envelope('Whole.')))
    const { outcome, recorded } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Whole."' })
    expect(pauses).toHaveLength(1)
    expect(recorded).toHaveLength(2)
    expect(recorded[0]?.message).toContain('gave no answer')
  })

  it.each([
    [
      'ended without a finish',
      writes(`data: ${JSON.stringify(delta({ content: 'Half' }))}`),
      'cut',
      /broke off/,
    ],
    ['garbage', writes('data: {nonsense'), 'garbage', /not JSON/],
    ['nothing', answers(''), 'empty', /empty answer/],
    ['a call of a tool', calls('search', '{}'), 'tool_calls', /called the tool “search”/],
  ] as const)(
    'is called three times for answers that are %s, and not again later',
    async (_, turn, errorType, reason) => {
      server.script(...Array.from({ length: 4 }, () => turn))
      const { outcome, messages } = await run()
      expect(server.calls).toHaveLength(3)
      expect(outcome).toMatchObject({ type: 'fail', retryable: false, usage: { errorType } })
      expect(outcome).toHaveProperty('reason', expect.stringMatching(reason))
      expect(messages.join()).toContain('(try 3 of 3)')
    },
  )

  it('is called three times where it refuses every format of an answer', async () => {
    server.script(...Array.from({ length: 9 }, () => refuses(500, { message: 'failed to parse grammar' })))
    expect((await run()).outcome).toMatchObject({ type: 'fail', retryable: false })
    expect(server.calls).toHaveLength(3)
  })

  it('is told apart from one that is not there', async () => {
    const gone = await startChatServer()
    await gone.close()
    const { outcome } = await run({ config: { baseUrl: gone.url } })
    expect(outcome).toMatchObject({ type: 'fail', retryable: true, usage: { errorType: 'connection' } })
    expect(outcome).toHaveProperty('reason', expect.stringContaining('nothing listens there'))
    expect(pauses).toHaveLength(4)
  })
})

describe('a server that answers in its own way', () => {
  const stream = (...lines: string[]) => lines.map((line) => `${line}\n\n`).join('')
  const good = stream(`data: ${JSON.stringify(delta({ content: envelope('Good 😀') }))}`, 'data: [DONE]')
  const sends =
    (body: string | Buffer, headers: Record<string, string>): Parameters<ChatServer['script']>[0] =>
    (response) => {
      response.writeHead(200, headers).end(body)
    }
  const events = { 'content-type': 'text/event-stream' }

  it.each([
    ['a stream that ends by [DONE] without a reason', sends(good, events)],
    ['a stream called text/plain', sends(good, { 'content-type': 'text/plain; charset=utf-8' })],
    ['a stream called nothing', sends(good, {})],
    ['a stream in gzip', sends(gzipSync(good), { ...events, 'content-encoding': 'gzip' })],
    ['a stream in deflate', sends(deflateSync(good), { ...events, 'content-encoding': 'deflate' })],
    ['a stream in brotli', sends(brotliCompressSync(good), { ...events, 'content-encoding': 'br' })],
    [
      'an answer in gzip',
      sends(
        gzipSync(
          JSON.stringify({ choices: [{ message: { content: envelope('Good 😀') }, finish_reason: 'stop' }] }),
        ),
        { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      ),
    ],
    ['a call of a tool with the envelope in it', calls('job_result', envelope('Good 😀'))],
  ])('is understood: %s', async (_, turn) => {
    server.script(turn)
    expect((await run()).outcome).toMatchObject({ type: 'submit', result: '"Good 😀"' })
    expect(server.calls).toHaveLength(1)
  })

  it('is not waited for after [DONE]', async () => {
    server.script((response) => void response.writeHead(200, events).write(good))
    expect((await run()).outcome).toMatchObject({ type: 'submit', result: '"Good 😀"' })
    await until(() => server.calls[0]?.left)
  })

  it('is asked without a temperature that it refuses', async () => {
    server.script(
      refuses(400, { message: "'temperature' does not support 0.2 with this model.", param: 'temperature' }),
      answers(envelope('Good.')),
    )
    const { outcome, messages } = await run({ config: { temperature: 0.2 } })
    expect(outcome).toMatchObject({ type: 'submit', result: '"Good."' })
    expect(server.calls.map(({ body }) => body.temperature)).toEqual([0.2, undefined])
    expect(messages).toContain('The server does not take this temperature for the model: asks again without.')
  })

  it('holds up nobody with 200,000 tiny events', async () => {
    const event = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
    const thoughts = `${event('<think>')}${event('hm ').repeat(100_000)}${event('\n</think>\n')}`
    server.script(sends(`${thoughts}${event('a ').repeat(100_000)}data: [DONE]\n\n`, events))
    let turns = 0
    const count = () => {
      turns++
      turn = setImmediate(count)
    }
    let turn = setImmediate(count)
    const { outcome } = await run()
    clearImmediate(turn)
    expect(outcome).toMatchObject({ type: 'submit', result: JSON.stringify('a '.repeat(100_000).trim()) })
    expect(turns).toBeGreaterThan(20)
  })
})

describe('a refusal that no retry helps', () => {
  it.each([
    [401, {}, /asks for a key \(401\): set apiKey/],
    [401, { apiKey: key }, /does not accept the key \(401\)/],
    [403, { apiKey: key }, /does not let this key use asked-model/],
    [404, {}, /does not know the model asked-model/],
    [400, {}, /refuses the request \(400\).* It says: Nope\./],
    [413, {}, /too long/],
  ])('%d fails at once and says what to do', async (status, config, reason) => {
    server.script(refuses(status, { message: 'Nope' }))
    const { outcome } = await run({ config })
    expect(outcome).toMatchObject({ type: 'fail', retryable: false, usage: { errorType: String(status) } })
    expect(outcome).toHaveProperty('reason', expect.stringMatching(reason))
    expect(server.calls).toHaveLength(1)
    expect(pauses).toEqual([])
  })

  it.each([
    ['a page', replies(200, '<html>Hello</html>'), /text\/html and no chat completion: check baseUrl/],
    ['other JSON', replies(200, { error: 'Unexpected endpoint' }), /JSON of another kind/],
    ['a redirect', replies(301, {}, { location: '/elsewhere' }), /redirect \(301\): check baseUrl/],
    ['a limit reached', answers('{"question":null,"res', { finish: 'length' }), /cut at its limit/],
    ['a filter', answers('', { finish: 'content_filter' }), /content filter/],
    ['the model', answers('', { refusal: 'I can’t help with that.' }), /refuses: I can’t help/],
  ])('by %s fails at once', async (_, turn, reason) => {
    server.script(turn)
    const { outcome } = await run()
    expect(outcome).toMatchObject({ type: 'fail', retryable: false })
    expect(outcome).toHaveProperty('reason', expect.stringMatching(reason))
    expect(server.calls).toHaveLength(1)
  })

  it('names the limit that was set, and counts the tokens that were used', async () => {
    server.script(answers('x', { finish: 'length' }))
    const { outcome } = await run({ config: { maxOutputTokens: 1200 } })
    expect(outcome).toMatchObject({
      reason: expect.stringContaining('1,200 tokens: raise maxOutputTokens'),
      usage: { errorType: 'length', finishReason: 'length', outputTokens: 20 },
    })
  })

  it.each([
    ['nothing', answers('')],
    ['blanks', answers(' \n')],
    ['thoughts only', answers('<think>Hm')],
    ['an empty envelope', answers(envelope(null))],
  ])('an answer of %s is asked for again', async (_, turn) => {
    server.script(turn)
    const { outcome, recorded } = await run()
    expect(outcome).toMatchObject({ type: 'submit', result: '"Done."' })
    expect(recorded[0]?.response.error).toMatchObject({ type: 'empty' })
    expect(pauses).toHaveLength(1)
  })
})

describe('time and ends', () => {
  it('ends at the time limit of the job, in mid-stream and while it waits for a first word', async () => {
    for (const turn of [holds(['Half ']), silent()]) {
      server.calls.length = 0
      server.script(turn)
      const { outcome, recorded } = await run({ timeoutMs: 150 })
      expect(outcome).toMatchObject({ type: 'fail', retryable: true, usage: { errorType: 'timeout' } })
      expect(outcome).toHaveProperty('reason', 'The time limit of 0.15 s passed.')
      expect(recorded[0]?.response.error.type).toBe('timeout')
      await until(() => server.calls[0]?.left)
    }
  })

  it('ends at the time limit of the agent where that is shorter', async () => {
    server.script(silent())
    const { outcome } = await run({ timeoutMs: 60_000, config: { timeoutSeconds: 1 } })
    expect(outcome).toHaveProperty('reason', 'The time limit of 1 s passed.')
  })

  it('ends the request at once when it is aborted', async () => {
    const abort = new AbortController()
    server.script(holds(['Half ']))
    const running = run({ signal: abort.signal })
    await until(() => server.calls.length === 1)
    abort.abort()
    expect((await running).outcome).toMatchObject({ type: 'release' })
    await until(() => server.calls[0]?.left, 1000)
  })

  it('ends a wait when it is aborted', async () => {
    const abort = new AbortController()
    server.script(refuses(429, {}, { 'retry-after': '100' }))
    const running = openaiAdapter().run({
      job: {
        id: 'j',
        name: 'n',
        description: 'd',
        acceptanceCriteria: 'c',
        tags: [],
        metadata: {},
        attempt: 1,
        earlier: [],
      },
      ...{ attemptId: 'a', agentName: 'Test', workRoot: '/nowhere', timeoutMs: null, signal: abort.signal },
      config: { baseUrl: server.url, model: 'm' },
      emit: async ({ message }) => {
        if (message?.startsWith('Waits')) setImmediate(() => abort.abort())
      },
    })
    expect(await running).toMatchObject({ type: 'release' })
    expect(server.calls).toHaveLength(1)
  })

  it('does not begin when it was ended before', async () => {
    expect((await run({ signal: AbortSignal.abort() })).outcome.type).toBe('release')
    expect(server.calls).toEqual([])
  })

  it('ends the request when its events are no longer taken', async () => {
    server.script(holds([`${'word '.repeat(100)}\n`]))
    const { outcome } = await run({
      onEvent: ({ kind }) => {
        if (kind === 'message') throw new Error('lease lost')
      },
    })
    expect(outcome.type).toBe('release')
    await until(() => server.calls[0]?.left)
  })

  it('gives the whole answer it has, though its rows are no longer taken', async () => {
    server.script(answers(['Done.']))
    const abort = new AbortController()
    const { outcome, events } = await run({
      signal: abort.signal,
      onEvent: ({ kind }) => {
        if (kind === 'progress') return
        abort.abort()
        throw new Error('lease lost')
      },
    })
    expect(outcome).toMatchObject({ type: 'submit', result: '"Done."' })
    expect(events.map(({ kind }) => kind)).toEqual(['progress'])
  })
})

describe('partial text', () => {
  const paragraph = (n: number) => `Line ${n} ${'of many words '.repeat(20).trim()}.\n`

  it('shows while it comes, as whole lines of the text that is in the envelope', async () => {
    let goOn = () => {}
    const more = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const text = paragraph(1) + paragraph(2) + paragraph(3)
    const json = envelope(`${text}“end”\t`)
    const seen: string[] = []
    server.script(holds(json.slice(0, 800).match(/.{1,7}/gs) ?? [], more, json.slice(800)))
    const { outcome, messages } = await run({
      onEvent: ({ kind, message }) => {
        if (kind === 'message') seen.push(message ?? '')
        goOn()
      },
    })
    expect(seen[0]).toMatch(/^Line 1 /)
    expect(outcome).toMatchObject({ result: JSON.stringify(`${text}“end”\t`) })
    expect(messages.join('\n').split('\n')).toEqual(`${text}“end”`.split('\n'))
    expect(messages.length).toBeGreaterThan(1)
  })

  it('waits for its rows to be written before it reads on', async () => {
    const pieces = Array.from({ length: 50 }, (_, n) => paragraph(n))
    server.script(answers(pieces))
    let writing = 0
    let most = 0
    const { messages } = await run({
      onEvent: async () => {
        most = Math.max(most, ++writing)
        await new Promise((next) => setImmediate(next))
        writing--
      },
    })
    expect(most).toBe(1)
    expect(`${messages.join('\n')}\n`).toBe(pieces.join(''))
  })

  it('fills no more than so many rows', async () => {
    server.script(answers(Array.from({ length: 500 }, (_, n) => paragraph(n) + paragraph(n))))
    const { messages, outcome } = await run()
    expect(messages).toHaveLength(201)
    expect(messages.at(-1)).toContain('More text comes than the 200 rows')
    expect(outcome).toMatchObject({ type: 'submit', result: expect.stringContaining('Line 499') })
  })

  it('shows neither thoughts nor half a surrogate', async () => {
    const smile = '😀'.repeat(1001)
    server.script(answers(['<thi', 'nk>secret ', 'plans</think>', ...smile]))
    const { messages } = await run({ config: { apiKey: key } })
    expect(messages.join('')).toBe(smile)
    expect(messages.every((message) => message.isWellFormed())).toBe(true)
  })
})

describe('the key', () => {
  it('reaches no log row, no reason and no payload, whoever says it', async () => {
    const echo = { message: `Incorrect API key provided: ${key}`, code: key }
    server.script(
      refuses(500, echo),
      writes(
        `data: ${JSON.stringify(delta({ content: `I am ${key.slice(0, 10)}` }))}`,
        `data: ${JSON.stringify({ error: echo })}`,
      ),
      replies(503, { oddly: [key] }),
      refuses(401, echo),
    )
    const { outcome, events } = await run({ config: { apiKey: key } })
    expect(server.calls).toHaveLength(4)
    expect(JSON.stringify([outcome, events])).not.toContain(key)
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringContaining('Incorrect API key provided: [redacted]'),
    )
  })

  it('is not in an answer either, though it comes in pieces and among no spaces', async () => {
    const odd = 'sk-"quoted"\\-0123456789'
    const text = `${'x'.repeat(390)}${odd}${'y'.repeat(400)}`
    server.script(answers([...envelope(text)], { model: odd }))
    const { outcome, events } = await run({ config: { apiKey: odd } })
    const everything = JSON.stringify([outcome, events])
    expect(everything).not.toContain('0123456789')
    expect(everything).toContain('[redacted]')
    expect(outcome).toMatchObject({ type: 'submit' })
  })
})

describe('a server without end', () => {
  it('is left when it sends no line break for megabytes', async () => {
    server.script((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const flood = () => {
        while (response.write('x'.repeat(65_536)));
      }
      response.on('drain', flood)
      flood()
    })
    expect((await run()).outcome).toMatchObject({
      type: 'fail',
      retryable: false,
      usage: { errorType: 'too_long' },
    })
    await until(() => server.calls[0]?.left)
  })
})

describe('the test of an agent', () => {
  const test = (config: object = {}, signal = new AbortController().signal) =>
    openaiAdapter().test({ baseUrl: server.url, model: 'asked-model', ...config }, signal)

  it('says what the model answered, which one, and how long it took', async () => {
    server.script(answers(envelope('Hello!')))
    const report = await test()
    expect(report).toMatchObject({ ok: true })
    expect(report.message).toMatch(/^It answered \(served-model, in [\d.]+ s\): Hello!$/)
    expect(server.calls[0]?.body.messages[1]?.content).toContain('Say hello')
  })

  it('cuts a long answer', async () => {
    server.script(answers(envelope('x'.repeat(5000))))
    expect((await test()).message.length).toBeLessThan(700)
  })

  it('says why not, without the key, and tries once', async () => {
    server.script(refuses(500, { message: `No: ${key}` }))
    const report = await test({ apiKey: key })
    expect(report).toMatchObject({ ok: false, message: expect.stringContaining('It says: No: [redacted].') })
    expect(server.calls).toHaveLength(1)
    expect(await test({ model: '' })).toEqual({
      ok: false,
      message: expect.stringContaining('Name the model'),
    })
  })

  it('ends when nobody waits for it any more', async () => {
    const abort = new AbortController()
    server.script(silent())
    const testing = test({}, abort.signal)
    await until(() => server.calls.length === 1)
    abort.abort()
    expect((await testing).ok).toBe(false)
    await until(() => server.calls[0]?.left)
  })
})

it('refuses settings that are not valid', async () => {
  expect((await run({ config: { model: '' } })).outcome).toMatchObject({
    type: 'fail',
    retryable: false,
    reason: expect.stringContaining('Name the model'),
  })
})

it('speaks to a server that cuts the connection before it answers', async () => {
  const rude = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1')
  await until(() => rude.listening)
  const address = rude.address()
  const port = typeof address === 'object' ? address?.port : 0
  const { outcome } = await run({ config: { baseUrl: `http://127.0.0.1:${port}/v1` } })
  expect(outcome).toMatchObject({ type: 'fail', retryable: true, usage: { errorType: 'connection' } })
  rude.close()
})
