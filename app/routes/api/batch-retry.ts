import { confirmBatch } from '~/domain/batches/confirm.server'
import { findBatch } from '~/domain/batches/queries.server'
import { retryBatch } from '~/domain/batches/retry.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentBatch } from '~/http/present-batches'
import { apiPaths } from '~/paths'

const door = resource({
  POST: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      const id = await retryBatch(desk, actor, params.id as string)
      await confirmBatch(desk, actor, id, {})
      return json(presentBatch(await findBatch(desk, actor, id)), 202, { Location: apiPaths.batch(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
