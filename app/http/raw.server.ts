import { NotFound } from '~/domain/errors'
import { logPayload } from '~/domain/jobs/queries.server'
import { jsonText, method, resource } from './json-action.server'

/** JSON text exactly as it is kept; `?download=1` as a file of this name. */
export const rawJson = (text: string, url: URL, name: string): Response =>
  jsonText(
    text,
    200,
    url.searchParams.has('download') ? { 'Content-Disposition': `attachment; filename="${name}.json"` } : {},
  )

/** What one row of a job's log keeps of a request or of its answer. */
export const payloadDoor = (part: 'request' | 'response') =>
  resource({
    GET: method({
      rule: 'user',
      async handle({ actor, desk, params, url }) {
        const { id = '', number = '' } = params
        if (!/^[1-9]\d{0,9}$/.test(number)) throw new NotFound('This payload')
        const text = await logPayload(desk, actor, id, Number(number), part)
        return rawJson(text, url, `docket-${id}-${number}-${part}`)
      },
    }),
  })
