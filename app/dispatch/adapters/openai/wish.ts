import type { ChatCompletionCreateParamsStreaming as Params } from 'openai/resources/chat/completions'
import type { OpenaiConfig } from '~/domain/agents/config'
import type { JobBrief } from '../adapter'
import type { Format } from './envelope'
import type { Fault } from './fault'
import { jobMessages } from './messages'

/** What is asked of a server beyond the bare call. Servers speak more or less of the protocol. */
export interface Wish {
  format: Format
  usageInStream: boolean
  limitName: 'max_tokens' | 'max_completion_tokens'
  temperature: boolean
}

export const fullWish: Wish = {
  format: 'json_schema',
  usageInStream: true,
  limitName: 'max_tokens',
  temperature: true,
}

/** The envelope. The question comes first: what is written first is decided first. */
const schema = {
  type: 'object',
  properties: {
    question: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: 'Only where you cannot go on without an answer from the person; otherwise null.',
    },
    result: {
      anyOf: [{ type: 'string' }, { type: 'object' }, { type: 'null' }],
      description: 'The whole result: text, or an object where the job asks for data.',
    },
  },
  required: ['question', 'result'],
  additionalProperties: false,
}

const responseFormats: Record<Format, Pick<Params, 'response_format'>> = {
  // not strict: that would forbid a result of any shape
  json_schema: {
    response_format: { type: 'json_schema', json_schema: { name: 'job_result', strict: false, schema } },
  },
  json_object: { response_format: { type: 'json_object' } },
  text: {},
}

/** The body of the call. */
export function callBody(job: JobBrief, config: OpenaiConfig, wish: Wish): Params {
  const { model, instructions, temperature, maxOutputTokens } = config
  return {
    model,
    messages: jobMessages(job, instructions, wish.format),
    stream: true,
    ...(wish.usageInStream && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && wish.temperature && { temperature }),
    ...(maxOutputTokens !== undefined && { [wish.limitName]: maxOutputTokens }),
    ...responseFormats[wish.format],
  }
}

/** Whether a server refuses the format of an answer although none is asked for: it would refuse the next call, too. */
export const refusesAnyFormat = ({ format }: Wish, { details }: Fault): boolean =>
  format === 'text' &&
  refusals.has(details.status ?? 0) &&
  namesFormat.test(`${details.param} ${details.says}`)

const refusals = new Set([400, 422, 500, 501])
const namesFormat =
  /response.?format|json.?(?:schema|object|mode|validate|output)|structured.?output|grammar/i

/** What to ask instead of what the server refused, and the log line that says so; null where it refused something else. */
export function concede(wish: Wish, { details }: Fault): { wish: Wish; said: string } | null {
  if (!refusals.has(details.status ?? 0)) return null
  const words = `${details.param} ${details.says}`
  if (wish.limitName === 'max_tokens' && words.includes('max_completion_tokens')) {
    return {
      wish: { ...wish, limitName: 'max_completion_tokens' },
      said: 'The server does not take max_tokens for this model: asks again with max_completion_tokens.',
    }
  }
  if (wish.usageInStream && /stream.?options|include_usage/i.test(words)) {
    return {
      wish: { ...wish, usageInStream: false },
      said: 'The server does not take stream_options: asks again without, so usage may be missing.',
    }
  }
  if (wish.temperature && /temperature/i.test(words)) {
    return {
      wish: { ...wish, temperature: false },
      said: 'The server does not take this temperature for the model: asks again without.',
    }
  }
  if (!namesFormat.test(words)) return null
  if (wish.format === 'json_schema') {
    return {
      wish: { ...wish, format: 'json_object' },
      said: 'The server refuses response_format with a JSON schema: asks again for any JSON object.',
    }
  }
  if (wish.format === 'json_object') {
    return {
      wish: { ...wish, format: 'text' },
      said: 'The server refuses response_format: asks again for plain text.',
    }
  }
  return null
}
