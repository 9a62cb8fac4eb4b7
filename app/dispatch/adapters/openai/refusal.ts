import { z } from 'zod'
import { cut } from '~/domain/payload.server'

const word = z
  .union([z.string(), z.number()])
  .transform(String)
  .nullish()
  .catch(null)
  .transform((text) => text ?? '')

const described = z.object({ message: z.string(), code: word, param: word, type: word })
const bare = z.string().transform((message) => ({ message, code: '', param: '', type: '' }))
/** As FastAPI tells what it could not read. */
const validation = z
  .array(z.object({ loc: z.array(word).default([]), msg: z.string() }))
  .min(1)
  .transform((issues) => ({
    message: issues.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '),
    ...{ code: '', param: '', type: '' },
  }))

/** Servers wrap errors in `error` or `detail`, or not at all. */
const errorBody = z.union([
  z.object({ error: z.union([described, bare]) }).transform(({ error }) => error),
  z.object({ detail: z.union([described, bare, validation]) }).transform(({ detail }) => detail),
  described,
  bare,
])

/** What a server says of an error. */
export interface ErrorWords {
  says: string
  code: string
  param: string
  type: string
}

/** @param body parsed JSON, or text that is none; a page of HTML says nothing */
export function readError(body: unknown): ErrorWords {
  const read = errorBody.safeParse(body)
  if (read.success) {
    const { message, ...rest } = read.data
    return { ...rest, says: /^\s*</.test(message) ? '' : cut(message.trim(), 500) }
  }
  return { says: body == null ? '' : cut(JSON.stringify(body), 500), code: '', param: '', type: '' }
}

/** An answer that is not 2xx. */
export class Refusal extends Error {
  readonly words: ErrorWords

  /** @param body as it came: JSON, or any text */
  constructor(
    readonly status: number,
    readonly headers: Headers,
    body: string,
  ) {
    super('Refused')
    this.words = readError(jsonOr(body))
  }
}

/** What a server says of an error in the middle of a stream. */
export class StreamError extends Error {
  readonly words: ErrorWords

  constructor(body: unknown) {
    super('Failed in mid-stream')
    this.words = readError(body)
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
