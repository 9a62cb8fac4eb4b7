import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The most bytes a server may send for one call, and without a line break between them. */
const maxBytes = 128 * 1024 * 1024
const maxLine = 4 * 1024 * 1024

export interface Posted {
  status: number
  headers: Headers
  /** The body, as it was before it was compressed. Whoever leaves it ends the request. */
  bytes: AsyncIterable<Uint8Array>
}

/**
 * Posts JSON with exactly these headers, and waits as long as its signal lets it: Node's own `fetch` gives up when a model
 * thinks for five minutes. Follows no redirect.
 * @throws what the network says; reading throws {RangeError} where the server sends without end
 */
export async function post(
  address: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  const url = new URL(address)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestSecure : requestPlain
    request(url, { method: 'POST', headers, signal }).on('response', resolve).on('error', reject).end(body)
  })
  return { status: answer.statusCode ?? 0, headers: headersOf(answer), bytes: bounded(decoded(answer)) }
}

/** What has come is given out at once, and a stream that ends early gives what it has. */
const promptly = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }

/** The body as it was before it was compressed: some servers and proxies do that unasked. */
function decoded(answer: IncomingMessage): Readable {
  const decoder = decoderOf(answer.headers['content-encoding']?.trim().toLowerCase())
  // an error here is one of the decoder, which whoever reads it gets
  return decoder ? pipeline(answer, decoder, () => undefined) : answer
}

function decoderOf(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(promptly)
    case 'deflate':
      return createInflate(promptly)
    case 'br':
      return createBrotliDecompress()
  }
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
