import { NotFound } from '~/domain/errors'
import { logPayload } from '~/domain/jobs/queries.server'
import type { ResultImage } from '~/domain/jobs/result-image'
import { json, method, resource, tagOf, unlessKnown } from './json-action.server'
import { type JsonPart, RawJson } from './json-text'

/** JSON text as it is kept, in UTF-8 where it is bytes; `?download=1` as a file of this name. */
export const rawJson = (parts: JsonPart[], url: URL, name: string): Response =>
  json(
    new RawJson(parts),
    200,
    url.searchParams.has('download') ? { 'Content-Disposition': `attachment; filename="${name}.json"` } : {},
  )

/** An image's own bytes, under a policy that makes them nothing else than that, wherever they are opened. */
export const rawImage = ({ type, base64 }: ResultImage, request: Request, name: string): Promise<Response> =>
  unlessKnown(request, tagOf(base64), (headers) => {
    const bytes = Buffer.from(base64, 'base64')
    return new Response(bytes, {
      headers: {
        ...headers,
        'Content-Type': type,
        'Content-Length': String(bytes.length),
        'Content-Disposition': `inline; filename="${name}.${type.slice('image/'.length)}"`,
        'Content-Security-Policy': "default-src 'none'; sandbox",
      },
    })
  })

/** What one row of a job's log keeps of a request or of its answer. */
export const payloadDoor = (part: 'request' | 'response') =>
  resource({
    GET: method({
      rule: 'user',
      async handle({ actor, desk, params, url }) {
        const { id = '', number = '' } = params
        if (!/^[1-9]\d{0,9}$/.test(number)) throw new NotFound('This payload')
        const text = await logPayload(desk, actor, id, Number(number), part)
        return rawJson([text], url, `docket-${id}-${number}-${part}`)
      },
    }),
  })
