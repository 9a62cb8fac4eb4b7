import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { Readable } from 'node:stream'

/** The most bytes a server may send for one call, and without a line break between them. */
const maxBytes = 128 * 1024 * 1024
const maxLine = 4 * 1024 * 1024

const withoutBody = new Set([204, 205, 304])

/**
 * A `fetch` that sends exactly these headers (the library adds what the environment of the server names) and waits as
 * long as its signal lets it: Node's own gives up when a model thinks for five minutes. Follows no redirect.
 */
export function patientFetch(headers: Record<string, string>) {
  return async (address: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(address instanceof Request ? address.url : address)
    const answer = await send(url, headers, init)
    const status = answer.statusCode ?? 0
    const body = withoutBody.has(status) ? null : Readable.toWeb(Readable.from(bounded(answer)))
    // Node's own type of web streams and the browser's differ by name only
    return new Response(body as unknown as BodyInit | null, { status, headers: headersOf(answer) })
  }
}

function send(url: URL, headers: Record<string, string>, { method, body, signal }: RequestInit) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestSecure : requestPlain
    request(url, { method, headers, signal: signal ?? undefined })
      .on('response', resolve)
      .on('error', reject)
      .end(body)
  })
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  }
  return headers
}

async function* bounded(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let whole = 0
  let line = 0
  for await (const chunk of bytes) {
    const lineBreak = chunk.lastIndexOf(10)
    whole += chunk.length
    line = lineBreak === -1 ? line + chunk.length : chunk.length - lineBreak - 1
    if (whole > maxBytes || line > maxLine) throw new RangeError('The server sends without end')
    yield chunk
  }
}
