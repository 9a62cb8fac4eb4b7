import { describe, expect, it } from 'vitest'
import { done, Gathered } from '~/dispatch/adapters/openai/answer'
import { eventData } from '~/dispatch/adapters/openai/event-stream'
import { shown } from '~/dispatch/adapters/openai/partial'
import { delta } from '../support/chat-server'

/** What comes of these bytes, in the pieces that they are given in. */
async function gathered(pieces: Uint8Array[]) {
  const answer = new Gathered()
  const bytes = (async function* () {
    yield* pieces
  })()
  for await (const data of eventData(bytes)) answer.add(data === '[DONE]' ? done : JSON.parse(data))
  return answer
}

const text = 'Größe 😀 “x”\r\nline\u2028 {"a": "\\n"} data: x '
const last = (content: string) =>
  delta({}, { choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] })
const chunks = [
  delta({ role: 'assistant', content: '' }),
  ...[...text].map((content) => delta({ content })),
  last('end.'),
  { ...delta({}), choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
].map((chunk) => JSON.stringify(chunk))

describe('a stream of events', () => {
  it.each([
    ['line feeds', '\n', '\n\n'],
    ['carriage returns', '\r', '\r\r'],
    ['both', '\r\n', '\r\n\r\n'],
    ['no line break at its end', '\n', ''],
    ['one line break at its end', '\n', '\n'],
    ['one carriage return at its end', '\r\n', '\r'],
  ])('with %s says the same wherever it is cut', async (_, end, ending) => {
    const lines = [
      ': a comment',
      'event: message',
      'id: 1',
      'retry: 5',
      '',
      ...chunks.flatMap((chunk) => [`data: ${chunk}`, '']),
    ]
    for (const close of [[], ['data: [DONE]', '']]) {
      const stream = [...lines, ...close].join(end).replace(/[\r\n]+$/, '') + ending
      const bytes = Buffer.from(`\ufeff${stream}`)
      const whole = await gathered([bytes])
      expect(whole).toMatchObject({
        text: `${text}end.`,
        finishReason: 'stop',
        isDone: close.length > 0,
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      })
      for (let at = 0; at <= bytes.length; at++) {
        const cut = await gathered([bytes.subarray(0, at), bytes.subarray(at)])
        expect([cut.text, cut.finishReason, cut.isDone]).toEqual([whole.text, 'stop', whole.isDone])
      }
      const single = await gathered([...bytes].map((byte) => Uint8Array.of(byte)))
      expect(single.text).toBe(whole.text)
    }
  })

  it('joins the lines of an event, and reads data without a space', async () => {
    const seen: string[] = []
    const bytes = (async function* () {
      yield Buffer.from('data:{"a":\ndata:  1}\n\ndata\n\nevent: ping\n\ndata: \n\n:end')
    })()
    for await (const data of eventData(bytes)) seen.push(data)
    expect(seen).toEqual(['{"a":\n 1}', ''])
  })
})

describe('an answer', () => {
  const add = (...given: object[]) => {
    const answer = new Gathered()
    for (const chunk of given) answer.add(chunk)
    return answer
  }

  it('is not doubled by a last message that says all of it again', () => {
    const message = { role: 'assistant', content: 'One two.' }
    const end = { choices: [{ index: 0, message, finish_reason: 'stop' }] }
    expect(add(delta({ content: 'One ' }), delta({ content: 'two.' }), end).text).toBe('One two.')
    expect(add(end).text).toBe('One two.')
    expect(add(delta({ content: 'One' }), { choices: [{ message: { content: '' } }] }).text).toBe('One')
  })

  it('is whole though its pairs of surrogates come in two pieces', () => {
    expect(add(delta({ content: 'a\ud83d' }), delta({ content: '\ude00b' })).text).toBe('a😀b')
  })

  it('has the text of its parts', () => {
    const parts = [
      { type: 'thinking', thinking: [] },
      { type: 'text', text: 'One ' },
      7,
      { type: 'text', text: 'two.' },
    ]
    expect(add(delta({ content: parts })).text).toBe('One two.')
  })

  it('has its tool calls, whose arguments come in pieces', () => {
    const call = (index: number, name: string | undefined, json: string) =>
      delta({ tool_calls: [{ index, function: { name, arguments: json } }] })
    expect(add(call(0, 'a', '{"q":'), call(1, 'b', '{}'), call(0, undefined, '1}')).toolCalls).toEqual([
      { name: 'a', arguments: '{"q":1}' },
      { name: 'b', arguments: '{}' },
    ])
    expect(
      add(
        delta({ function_call: { name: 'old', arguments: '{' } }),
        delta({ function_call: { arguments: '}' } }),
      ).toolCalls,
    ).toEqual([{ name: 'old', arguments: '{}' }])
  })

  it.each([
    '<think>\nHm <think>x</think> is\n</think>\n\nOne two.',
    '<think>Hm</think>{"question":null,"result":"One \\ud83d\\ude00 two."}',
    '<think>x</think> is how models think.',
    '{"question": null, "result": "One\\n two."}',
    'One <think>x</think> two.\n</think>\nThree.',
  ])('is shown while it grows, and never taken back: %s', (whole) => {
    let before = ''
    for (let length = 0; length <= whole.length; length++) {
      const now = shown(whole.slice(0, length))
      expect(now.trimEnd().startsWith(before.trimEnd().replace(/[\ud800-\udbff]$/, ''))).toBe(true)
      before = now
    }
  })
})
