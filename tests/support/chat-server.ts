import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { ChatCompletionCreateParamsStreaming as ChatBody } from 'openai/resources/chat/completions'

/** One call as the server saw it. */
export interface Call {
  path: string
  headers: IncomingHttpHeaders
  body: ChatBody
  /** Milliseconds since 1970. */
  at: number
  /** Whether the client went away before the answer was whole. */
  left: boolean
}

/** How the server behaves for one call. */
export type Turn = (response: ServerResponse, call: Call) => void | Promise<void>

export interface ChatServer {
  /** For an agent's `baseUrl`. */
  url: string
  port: number
  calls: Call[]
  /** What the next calls get, in order; after them `answers(envelope('Done.'))`. */
  script(...turns: Turn[]): void
  close(): Promise<void>
}

interface Manner {
  finish?: string | null
  model?: string
  /** null: no usage is sent. */
  usage?: object | null
  /** Sent before the text, as `reasoning_content`. */
  reasoning?: string[]
  refusal?: string
}

/** Used where a test sets no usage of its own. */
export const someUsage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }

export const envelope = (result: unknown, question: string | null = null) =>
  JSON.stringify({ question, result })

/** Streams these pieces, and ends as it should. */
export function answers(pieces: string | string[], manner: Manner = {}): Turn {
  return (response) => {
    begin(response)
    for (const data of chunks([pieces].flat(), manner)) send(response, data)
    finish(response)
  }
}

/** Calls a tool instead of answering, its arguments in two pieces; `text` comes before. */
export function calls(name: string, json: string, text = ''): Turn {
  return (response) => {
    begin(response)
    const half = Math.ceil(json.length / 2)
    send(response, delta({ content: text }))
    send(
      response,
      delta({ tool_calls: [{ index: 0, id: 'c', function: { name, arguments: json.slice(0, half) } }] }),
    )
    send(response, delta({ tool_calls: [{ index: 0, function: { arguments: json.slice(half) } }] }))
    send(response, delta({}, { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }))
    finish(response)
  }
}

/** Streams these pieces, then keeps the stream open until the client goes or `more` resolves; then ends as it should. */
export function holds(pieces: string[], more: Promise<unknown> = new Promise(() => {}), rest = ''): Turn {
  return async (response) => {
    begin(response)
    for (const piece of pieces) send(response, delta({ content: piece }))
    await more
    if (rest !== '') send(response, delta({ content: rest }))
    for (const data of chunks([])) send(response, data)
    finish(response)
  }
}

/** Says nothing at all until `until` resolves, then behaves as `turn`. */
export function silent(until: Promise<unknown> = new Promise(() => {}), turn = answers('Late.')): Turn {
  return async (response, call) => {
    await until
    await turn(response, call)
  }
}

/** Streams these pieces and is gone: the connection is cut. */
export function cuts(...pieces: string[]): Turn {
  return async (response) => {
    begin(response)
    for (const piece of pieces) {
      const sent = send(response, delta({ content: piece }))
      if (!sent) await once(response, 'drain')
    }
    // what was written has left before the connection goes
    response.write(': \n\n', () => response.destroy())
  }
}

/** Writes these lines as a stream, whatever they are. */
export function writes(...lines: string[]): Turn {
  return (response) => {
    begin(response)
    response.end(lines.map((line) => `${line}\n\n`).join(''))
  }
}

/** Answers with a status and a body, as JSON where it is no text. */
export function replies(status: number, body: unknown, headers: Record<string, string> = {}): Turn {
  return (response) => {
    const type = typeof body === 'string' ? 'text/html' : 'application/json'
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

/** Refuses in OpenAI's words. */
export const refuses = (status: number, error: object, headers: Record<string, string> = {}): Turn =>
  replies(status, { error }, headers)

/** One `data:` line of a stream. */
export const delta = (part: object, more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'served-model',
  choices: [{ index: 0, delta: part, finish_reason: null }],
  ...more,
})

function chunks(pieces: string[], manner: Manner = {}): object[] {
  const { finish = 'stop', model = 'served-model', usage = someUsage, reasoning = [], refusal } = manner
  const parts = [
    { role: 'assistant', content: '' },
    ...reasoning.map((text) => ({ reasoning_content: text })),
    ...pieces.map((content) => ({ content })),
    ...(refusal === undefined ? [] : [{ refusal }]),
  ]
  return [
    ...parts.map((part) => delta(part, { model })),
    delta({}, { model, choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
    ...(usage === null ? [] : [delta({}, { model, choices: [], usage })]),
  ]
}

const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const send = (response: ServerResponse, data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`)
const finish = (response: ServerResponse) => response.end('data: [DONE]\n\n')

/**
 * A server for tests that speaks Chat Completions over HTTP, streamed as server-sent events, and misbehaves by script.
 * Only `POST /v1/chat/completions` and `GET /v1/models` are there.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat
 *
 * @param models what `GET /v1/models` answers with, as JSON
 */
export async function startChatServer(models: unknown = { data: [] }): Promise<ChatServer> {
  const calls: Call[] = []
  let turns: Turn[] = []
  const server = createServer(async (request, response) => {
    const { method, url: path = '', headers } = request
    if (method === 'GET' && path === '/v1/models') return replies(200, models)(response, {} as Call)
    if (method !== 'POST' || path !== '/v1/chat/completions')
      return refuses(404, { message: `There is no ${path}.` })(response, {} as Call)
    const call: Call = { path, headers, body: (await json(request)) as ChatBody, at: Date.now(), left: false }
    calls.push(call)
    response.on('close', () => {
      call.left = !response.writableFinished
    })
    const turn = turns.shift() ?? answers(envelope('Done.'))
    await turn(response, call)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    calls,
    script(...next) {
      turns = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
