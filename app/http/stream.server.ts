import type { ServerResponse } from 'node:http'
import { NotFound } from '~/domain/errors'
import { connections } from './client-address.server'
import type { JsonPart } from './json-text'
import { logFailure } from './log-failure.server'

/** A client that takes nothing for so long has gone, or might as well have. */
const patienceMs = 60_000

/** For `Cache-Control`: a compressor in between would gather the pieces. */
export const streamCaching = 'no-store, no-transform'

const stopping = new AbortController()
// every open answer listens
const streams = new Set<() => void>()

/** Ends what is being streamed: the process is told to stop. */
export function endStreams() {
  stopping.abort()
  for (const end of streams) end()
}

/**
 * An answer that is made while it is read: the next piece is asked for when the client has taken the last ones. Remix's
 * own pump writes on regardless, so it is held up where it reads. A client that leaves, a stop and an error end
 * `pieces` early (its `finally` runs), the connection with them.
 *
 * @param atStop ends `pieces` when the process is told to stop, where half an answer is as good as a whole one; else
 *   the connection is cut off, so that nobody takes it for whole
 */
export function streamed(
  pieces: AsyncIterator<JsonPart, void>,
  headers: HeadersInit,
  { status = 200, atStop }: { status?: number; atStop?: () => void } = {},
): Response {
  const response = nodeResponse()
  // as data for a page Remix would gather all of it first
  if (response.req.url?.split('?')[0]?.endsWith('.data')) throw new NotFound()
  const encoder = new TextEncoder()
  const cutOff = () => response.destroy()
  const end = atStop ?? cutOff
  streams.add(end)
  whenAnswered(() => {
    streams.delete(end)
    void pieces.return?.()
  })
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = (await hasRoom(response)) ? await pieces.next() : undefined
          if (piece && !piece.done) {
            const { value } = piece
            return controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
          }
        } catch (error) {
          logFailure('stream', error)
          cutOff()
        }
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const all = new Headers(headers)
  // nginx gathers an answer unless it is told not to
  all.set('X-Accel-Buffering', 'no')
  return new Response(body, { status, headers: all })
}

/** Node's answer to the request that is being worked on. */
export function nodeResponse(): ServerResponse {
  const response = connections.getStore()?.response
  if (!response) throw new Error('outside of a request')
  return response
}

/** Calls `listener` once, when the answer to the request that is being worked on is out or given up. */
export function whenAnswered(listener: () => void) {
  const response = nodeResponse()
  if (response.closed) listener()
  else response.once('close', listener)
}

/** Resolves when the client has taken what was written: true, or false where it is not there any more. */
async function hasRoom(response: ServerResponse): Promise<boolean> {
  if (stopping.signal.aborted) response.destroy()
  if (response.destroyed) return false
  if (!response.writableNeedDrain) return true
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(impatient)
      response.off('drain', done).off('close', done)
      resolve(!response.destroyed)
    }
    const impatient = setTimeout(() => response.destroy(), patienceMs).unref()
    response.on('drain', done).on('close', done)
  })
}
