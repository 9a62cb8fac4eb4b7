import OpenAI from 'openai'
import type { ChatCompletionCreateParamsStreaming as Params } from 'openai/resources/chat/completions'
import type { OpenaiConfig } from '~/domain/agents/config'
import { type Answer, Gathered } from './answer'
import { Fault, faultOf } from './fault'
import { patientFetch } from './patient-fetch'
import { Refusal } from './refusal'

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
  try {
    for (;;) {
      const fault = await takeIn(chunks, answer, config)
      // the library ends a stream that was aborted as if it were whole
      if (signal.aborted) return { answer, fault: aborted() }
      if (fault === 'end') return { answer, fault: unfinished(answer, config) }
      // what comes after the end of the text is but usage
      if (fault) return { answer, fault: answer.finishReason === null ? fault : unfinished(answer, config) }
      await onChunk(answer)
    }
  } finally {
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
  const call = client(config).chat.completions.create(body, { signal })
  const { data, response } = await call.withResponse()
  const type = response.headers.get('content-type') ?? ''
  if (/^text\/event-stream\b/i.test(type)) yield* data
  // a server that does not stream
  else if (/\bjson\b/i.test(type)) yield completion(await response.json(), config)
  else throw notChat(config, type || 'something of no known type')
}

function completion(body: unknown, config: OpenaiConfig): unknown {
  if (typeof body === 'object' && body !== null && 'choices' in body) return body
  throw notChat(config, 'JSON of another kind')
}

function notChat({ baseUrl }: OpenaiConfig, what: string): Fault {
  const message = `${new URL(baseUrl).host} answers, but with ${what} and no chat completion: check baseUrl in the agent's settings (most end with /v1).`
  return new Fault(message, { type: 'not_chat', passing: false })
}

function unfinished({ finishReason }: Answer, { baseUrl }: OpenaiConfig): Fault | undefined {
  if (finishReason !== null && finishReason !== 'error') return undefined
  const message = `${new URL(baseUrl).host} broke off in the middle of its answer.`
  return new Fault(message, { type: 'cut', passing: true })
}

const aborted = () => new Fault('The call was ended before its answer.', { type: 'aborted', passing: true })

/** Time limits and retries are ours, where they are on the record; of the environment it takes nothing. */
function client({ baseUrl, apiKey }: OpenaiConfig): OpenAI {
  const fetch = patientFetch({
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    'user-agent': 'Docket',
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  })
  return new OpenAI({
    baseURL: baseUrl,
    // it insists on one; what is sent is above
    apiKey: apiKey || 'none',
    ...{ adminAPIKey: null, organization: null, project: null, webhookSecret: null },
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch: async (address, init) => {
      const response = await fetch(address, init)
      if (!response.ok) throw await Refusal.from(response)
      return response
    },
  })
}
