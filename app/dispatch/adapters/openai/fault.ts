import type { OpenaiConfig } from '~/domain/agents/config'
import { lookup } from '~/domain/lookup'
import { cut, sentence } from '~/domain/payload.server'
import { type ErrorWords, Refusal, StreamError } from './refusal'
import { retryAfter } from './retry-after'

interface Details {
  /** For `errorType`: an HTTP status, or a word of ours. */
  type: string
  /** Whether the same call may do better a little later. */
  passing: boolean
  /** The answer came and is of no use: after a few of them no more are asked for. */
  isBroken?: boolean
  /** What the server asks to wait, in milliseconds. */
  retryAfterMs?: number
  status?: number
  /** What the server said, and the parameter it named. */
  says?: string
  param?: string
}

/** Why a call gave no answer. Its message is for people: sentences that say what to do. */
export class Fault extends Error {
  readonly details: Details

  constructor(message: string, details: Details) {
    super(message)
    this.details = details
  }
}

/** What the network or the server threw, as a Fault. */
export function faultOf(error: unknown, config: OpenaiConfig): Fault {
  if (error instanceof Fault) return error
  const host = new URL(config.baseUrl).host
  const inner = innermost(error)
  if (inner instanceof Refusal) {
    const fault = refused(inner.status, inner.words, config, host)
    return new Fault(fault.message, { ...fault.details, retryAfterMs: retryAfter(inner.headers) })
  }
  if (inner instanceof StreamError) {
    // some servers put the status they would have answered with into `code`
    const { words } = inner
    const status = /^[45]\d\d$/.test(words.code) ? Number(words.code) : undefined
    return refused(status, words, config, host)
  }
  if (inner instanceof RangeError) {
    return new Fault(`${host} sent more than is taken for one answer.`, { type: 'too_long', passing: false })
  }
  if (inner instanceof SyntaxError) {
    const message = `${host} sent something in the middle of its answer that is not JSON.`
    return new Fault(message, { type: 'garbage', passing: true, isBroken: true })
  }
  const message = `The connection to ${host} failed: ${reasonOf(inner)}.`
  return new Fault(message, { type: 'connection', passing: true })
}

/** The innermost cause says most: ECONNREFUSED rather than "Connection error". */
function innermost(error: unknown): unknown {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return inner
}

/** An account without credit does not fill up by waiting. */
const spent = /insufficient_quota|credit balance|billing/i

function refused(status: number | undefined, words: ErrorWords, config: OpenaiConfig, host: string): Fault {
  const { says, code, param, type } = words
  const passing = isPassing(status) && !spent.test(`${code} ${type} ${says}`)
  const message = `${whatToDo(status, passing, config, host)}${says && ` It says: ${sentence(says)}`}`
  return new Fault(message, { type: String(status ?? 'server'), passing, status, says, param })
}

const isPassing = (status = 500) => [408, 409, 425, 429].includes(status) || status >= 500

function whatToDo(status: number | undefined, passing: boolean, config: OpenaiConfig, host: string): string {
  switch (status) {
    case undefined:
      return `${host} broke off with an error.`
    case 400:
    case 422:
      return `${host} refuses the request (${status}): check the agent's settings and the length of the job.`
    case 401:
      return config.apiKey
        ? `${host} does not accept the key (401): set apiKey anew in the agent's settings.`
        : `${host} asks for a key (401): set apiKey in the agent's settings.`
    case 402:
      return `${host} asks for payment (402): the account has no credit.`
    case 403:
      return `${host} does not let this key use ${config.model} (403): check what the key may do.`
    case 404:
      return `${host} does not know the model ${config.model}, or there is no such address (404): check model and baseUrl in the agent's settings.`
    case 413:
      return `The job is too long for ${host} (413): shorten it.`
    case 429:
      return passing
        ? `${host} takes no more requests just now (429).`
        : `${host} takes no more requests (429): the account has no credit left.`
  }
  if (status >= 500) return `${host} is in trouble (${status}).`
  if (status < 400)
    return `${host} answers with a redirect (${status}): check baseUrl in the agent's settings.`
  return `${host} refuses the request (${status}).`
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'it was cut',
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason was given'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return lookup(reasons, code) ?? cut(error.message || code || error.name, 300).replace(/\.$/, '')
}
