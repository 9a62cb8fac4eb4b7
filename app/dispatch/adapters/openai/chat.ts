import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatCompletionCreateParamsStreaming as Params } from 'openai/resources/chat/completions'
import type { OpenaiConfig } from '~/domain/agents/config'
import { type Answer, done, Gathered } from './answer'
import { eventData } from './event-stream'
import { Fault, faultOf } from './fault'
import { post } from './post'
import { Refusal, StreamError } from './refusal'

/** How long chunks that are already here are read before others get their turn, in milliseconds. */
const maxTurn = 10

/** A call's answer so far, and why it got no further, if it did not. */
export interface Reply {
  answer: Answer
  fault?: Fault
}

/**
 * Sends one call and reads the answer while it comes: `onChunk` is awaited after each piece, with all there is so far.
 * An aborted signal ends the request and is a fault of type `aborted`; so does what `onChunk` throws, which is thrown.
 */
export async function ask(
  config: OpenaiConfig,
  body: Params,
  signal: AbortSignal,
  onChunk: (soFar: Answer) => Promise<void>,
): Promise<Reply> {
  const answer = new Gathered()
  const chunks = chunksOf(config, body, signal)
  let since = performance.now()
  try {
    for (;;) {
      if (performance.now() - since > maxTurn) {
        await nextTurn()
        since = performance.now()
      }
      const fault = await takeIn(chunks, answer, config)
      if (signal.aborted) return { answer, fault: aborted() }
      if (fault === 'end') return { answer, fault: unfinished(answer, config) }
      // what comes after the end of the text is but usage
      if (fault) return { answer, fault: answer.finishReason === null ? fault : unfinished(answer, config) }
      await onChunk(answer)
    }
  } finally {
    // ends the request, also where the server keeps a stream open that is of no more use
    await chunks.return(undefined)
  }
}

async function takeIn(chunks: AsyncGenerator<unknown>, answer: Gathered, config: OpenaiConfig) {
  try {
    const { done, value } = await chunks.next()
    if (done) return 'end'
    answer.add(value)
  } catch (error) {
    return faultOf(error, config)
  }
}

async function* chunksOf(config: OpenaiConfig, body: Params, signal: AbortSignal): AsyncGenerator<unknown> {
  const { status, headers, bytes } = await post(
    addressOf(config),
    headersFor(config),
    JSON.stringify(body),
    signal,
  )
  if (status < 200 || status > 299) throw new Refusal(status, headers, await text(bytes))
  const type = headers.get('content-type') ?? ''
  // a server that does not stream
  if (/\bjson\b/i.test(type)) yield completion(JSON.parse(await text(bytes)), config)
  else if (/^text\/event-stream\b/i.test(type)) yield* events(bytes)
  else {
    const [beginning, whole] = await begun(bytes)
    // servers and proxies that call their stream text/plain, or nothing
    if (!/^(?:data|event|id|retry)?:/.test(beginning))
      throw notChat(config, type || 'something of no known type')
    yield* events(whole)
  }
}

/** Where calls of an agent with these settings go. */
export const addressOf = ({ baseUrl }: OpenaiConfig): string =>
  `${baseUrl.replace(/\/$/, '')}/chat/completions`

const headersFor = ({ apiKey }: OpenaiConfig): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'text/event-stream, application/json',
  'user-agent': 'Docket',
  ...(apiKey && { authorization: `Bearer ${apiKey}` }),
})

async function* events(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  for await (const data of eventData(bytes)) {
    if (data.startsWith('[DONE]')) {
      yield done
      return
    }
    const chunk: unknown = JSON.parse(data)
    if (typeof chunk === 'object' && chunk !== null && 'error' in chunk && chunk.error) {
      throw new StreamError(chunk.error)
    }
    yield chunk
  }
}

/** How a body begins, and the whole of it. */
async function begun(bytes: AsyncIterable<Uint8Array>): Promise<[string, AsyncIterable<Uint8Array>]> {
  const pieces = bytes[Symbol.asyncIterator]()
  const first = await pieces.next()
  const whole = async function* () {
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value
    } finally {
      await pieces.return?.()
    }
  }
  return [new TextDecoder().decode(first.value).trimStart(), whole()]
}

function completion(body: unknown, config: OpenaiConfig): unknown {
  if (typeof body === 'object' && body !== null && 'choices' in body) return body
  throw notChat(config, 'JSON of another kind')
}

function notChat({ baseUrl }: OpenaiConfig, what: string): Fault {
  const message = `${new URL(baseUrl).host} answers, but with ${what} and no chat completion: check baseUrl in the agent's settings (most end with /v1).`
  return new Fault(message, { type: 'not_chat', passing: false })
}

function unfinished({ finishReason, isDone }: Gathered, { baseUrl }: OpenaiConfig): Fault | undefined {
  if (finishReason === null ? isDone : finishReason !== 'error') return undefined
  const message = `${new URL(baseUrl).host} broke off in the middle of its answer.`
  return new Fault(message, { type: 'cut', passing: true, isBroken: true })
}

const aborted = () => new Fault('The call was ended before its answer.', { type: 'aborted', passing: true })
