import { wellFormedJson } from '~/domain/well-formed'
/** The largest body any action takes, in bytes. */
export const maxBodyBytes = 1_048_576

/** A refusal of the request itself, before any use-case: its status and a sentence. */
export class RequestRefused extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 405 | 413 | 415,
    message: string,
    readonly headers: Record<string, string> = {},
    /** Machine-readable, where the status alone does not say what to do. */
    readonly reason?: string,
  ) {
    super(message)
  }
}

/** The body in pieces. @throws {RequestRefused} 413 past `max` bytes, 400 if it breaks off */
export async function* bodyOf(request: Request, max: number): AsyncGenerator<Uint8Array, void> {
  const tooBig = new RequestRefused(413, `The request is larger than ${max.toLocaleString('en')} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > max) throw tooBig
  const reader = request.body?.getReader()
  const next = () =>
    reader?.read().catch(() => {
      // a client that went away in the middle is no fault of ours
      throw new RequestRefused(400, 'The request broke off.')
    })
  let size = 0
  try {
    for (let read = await next(); read && !read.done; read = await next()) {
      size += read.value.byteLength
      if (size > max) throw tooBig
      yield read.value
    }
  } finally {
    // not canceled: that would close the connection before it has its answer
    reader?.releaseLock()
  }
}

/** The whole body, at most `max` bytes. @throws {RequestRefused} as `bodyOf` */
export async function readBody(request: Request, max = maxBodyBytes): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bodyOf(request, max)) {
    chunks.push(chunk)
    size += chunk.byteLength
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/** No form here has as many fields, nor names that nest: what has is made to keep a parser busy. */
export const maxFields = 100
const fieldName = /^[A-Za-z]\w{0,63}$/

export const notAForm = () => new RequestRefused(400, 'The request is not a form.')

/** @throws {RequestRefused} 413 past the limit, 400 where it is no form of ours */
export async function readForm(request: Request): Promise<FormData> {
  const body = await readBody(request)
  const type = request.headers.get('content-type') ?? ''
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw notAForm()
  })
  assertOurForm(form)
  return form
}

/** @throws {RequestRefused} 400 */
export function assertOurForm(form: FormData): void {
  const entries = [...form]
  const ours = entries.every(([name, value]) => fieldName.test(name) && typeof value === 'string')
  if (!ours || entries.length > maxFields) {
    throw new RequestRefused(400, 'The form has fields that none of our forms has.')
  }
}

/**
 * A JSON body: its value, in which every string is well-formed, and its text as it was sent.
 * @throws {RequestRefused} 413, 415 or 400
 */
export async function readJson(request: Request): Promise<{ value: unknown; text: string }> {
  const type = request.headers.get('content-type') ?? ''
  const body = await readBody(request)
  if (body.byteLength === 0) return { value: {}, text: '' }
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    throw new RequestRefused(415, 'Send JSON, with Content-Type: application/json.')
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return { value: JSON.parse(wellFormedJson(text)), text }
  } catch (error) {
    throw new RequestRefused(
      400,
      `The body is not valid JSON${error instanceof SyntaxError ? `: ${withoutQuote(error.message)}` : ''}.`,
    )
  }
}

/** Node quotes what stands around the fault, which may be a key. */
const withoutQuote = (message: string) => message.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, '')
