/** The largest body any action takes, in bytes. */
export const maxBodyBytes = 1_048_576

/** A refusal of the request itself, before any use-case: its status and a sentence. */
export class RequestRefused extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 405 | 413 | 415,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message)
  }
}

/** The whole body, at most `max` bytes. @throws {RequestRefused} 413 past it */
export async function readBody(request: Request, max = maxBodyBytes): Promise<Uint8Array<ArrayBuffer>> {
  const tooBig = new RequestRefused(413, `The request is larger than ${max.toLocaleString('en')} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > max) throw tooBig
  const chunks: Uint8Array[] = []
  let size = 0
  if (request.body) {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > max) throw tooBig
      chunks.push(chunk)
    }
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/** @throws {RequestRefused} 413 past the limit, 400 where it is no form */
export async function readForm(request: Request): Promise<FormData> {
  const body = await readBody(request)
  try {
    return await new Response(body, {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    }).formData()
  } catch {
    throw new RequestRefused(400, 'The request is not a form.')
  }
}

/** The text of a JSON body. @throws {RequestRefused} 413, 415 or 400 */
export async function readJson(request: Request): Promise<{ value: unknown; text: string }> {
  const type = request.headers.get('content-type') ?? ''
  const body = await readBody(request)
  if (body.byteLength === 0) return { value: {}, text: '' }
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    throw new RequestRefused(415, 'Send JSON, with Content-Type: application/json.')
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return { value: JSON.parse(text), text }
  } catch (error) {
    throw new RequestRefused(
      400,
      `The body is not valid JSON${error instanceof SyntaxError ? `: ${error.message}` : ''}.`,
    )
  }
}
