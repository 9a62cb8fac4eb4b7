import { createHash } from 'node:crypto'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeImport } from '~/domain/batches/import.server'
import { findBatch } from '~/domain/batches/queries.server'
import { Invalid } from '~/domain/errors'
import { addTo } from '~/domain/templates/csv.server'
import { csvRows } from '~/domain/templates/csv-rows.server'
import { csvText } from '~/domain/templates/csv-text.server'
import { findTemplate } from '~/domain/templates/queries.server'
import type { CsvPreview } from '~/domain/templates/view'
import { bodyOf, RequestRefused } from '~/http/body.server'
import { jsonKey } from '~/http/idempotency.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentBatch } from '~/http/present-batches'
import { maxUploadBytes } from '~/http/upload.server'
import { apiPaths } from '~/paths'

/** So many bad rows a dry run tells of. */
const mostBad = 100

const door = resource({
  POST: method({
    rule: 'user',
    async handle({ actor, desk, params, request, url }) {
      const template = await findTemplate(desk, actor, params.id as string)
      const [dryRun, onlyGood] = [flag(url, 'dryRun'), flag(url, 'onlyGood')]
      const hash = createHash('sha256').update(url.search)
      const rows = csvRows(template, csvText(hashed(bytesOf(request), hash)))
      if (dryRun) {
        const preview: CsvPreview = { rows: 0, good: 0, bad: [], first: [] }
        for await (const row of rows) addTo(preview, row, mostBad)
        return json(preview)
      }
      const key = jsonKey(request, `POST /api/templates/${template.id}/imports`, '')
      const idempotency = () => key && { ...key, bodyHash: hash.digest('hex') }
      const onBad = onlyGood ? 'skip' : 'refuse'
      const id = await freezeImport(desk, actor, { template, rows, onBad, idempotency })
      await confirmBatch(desk, actor, id, {})
      return json(presentBatch(await findBatch(desk, actor, id)), 202, { Location: apiPaths.batch(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action

/** @throws {RequestRefused} 415 if it is no CSV, 413 past 50 MB */
function bytesOf(request: Request): AsyncIterable<Uint8Array> {
  if (!/^text\/(csv|tab-separated-values)\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new RequestRefused(415, 'Send CSV, with Content-Type: text/csv.')
  }
  return bodyOf(request, maxUploadBytes)
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of bytes) {
    hash.update(piece)
    yield piece
  }
}

/** @throws {Invalid} at the parameter */
function flag(url: URL, name: 'dryRun' | 'onlyGood'): boolean {
  const value = url.searchParams.get(name) ?? 'false'
  if (value !== 'true' && value !== 'false') throw new Invalid({ [name]: [`${name} is true or false.`] })
  return value === 'true'
}
