import { makeFromCsv, previewCsv } from '~/domain/templates/csv.server'
import { csvInput } from '~/domain/templates/input'
import { jsonIdempotency } from '~/http/idempotency.server'
import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  POST: method({
    rule: 'user',
    body: csvInput,
    async handle({ actor, desk, params, request, value, text }) {
      const id = params.id as string
      if (value.dryRun) return json(await previewCsv(desk, actor, id, value.csv))
      const key = jsonIdempotency(request, `POST /api/templates/${id}/csv`, text)
      const ids = await makeFromCsv(desk, actor, id, value, key)
      return json({ created: ids.length, ids }, 201)
    },
  }),
})
export const loader = door.loader
export const action = door.action
