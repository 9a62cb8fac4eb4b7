import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch, previewBatch } from '~/domain/batches/freeze.server'
import { newBatchJson, readBatchArgs } from '~/domain/batches/input'
import { findBatch, listBatches } from '~/domain/batches/queries.server'
import { Invalid } from '~/domain/errors'
import { jsonKey } from '~/http/idempotency.server'
import { conditional, json, method, pageParameters, resource } from '~/http/json-action.server'
import { presentPage } from '~/http/present'
import { presentBatch, presentDryRun } from '~/http/present-batches'
import { apiPaths } from '~/paths'
import { type ListScope, listScopes } from '~db/vocabulary'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, url }) {
      const query = { scope: scopeParameter(url), ...pageParameters(url) }
      return conditional(request, async () =>
        presentPage(await listBatches(desk, actor, query), presentBatch),
      )
    },
  }),
  POST: method({
    rule: 'user',
    body: newBatchJson,
    async handle({ actor, desk, request, value, text }) {
      const { verb, scope, dryRun, expectedCount, choice } = value
      const wanted = { verb, scope, expectedCount, ...choice }
      if (dryRun) return json(presentDryRun(await previewBatch(desk, actor, wanted)))
      const args = readBatchArgs(verb, value)
      const key = jsonKey(request, 'POST /api/batches', text)
      const id = await freezeBatch(desk, actor, { ...wanted, args }, key)
      await confirmBatch(desk, actor, id, args)
      return json(presentBatch(await findBatch(desk, actor, id)), 202, { Location: apiPaths.batch(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action

/** @throws {Invalid} */
function scopeParameter(url: URL): ListScope {
  const given = url.searchParams.get('scope') ?? 'own'
  const scope = listScopes.find((each) => each === given)
  if (!scope) throw new Invalid({ scope: [`scope is ${listScopes.join(' or ')}.`] })
  return scope
}
