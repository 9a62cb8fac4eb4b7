import { findBatch } from '~/domain/batches/queries.server'
import { stopBatch } from '~/domain/batches/stop.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentBatch } from '~/http/present-batches'

const door = resource({
  POST: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      const id = params.id as string
      await stopBatch(desk, actor, id)
      return json(presentBatch(await findBatch(desk, actor, id)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
