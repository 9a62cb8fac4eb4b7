import { findBatch } from '~/domain/batches/queries.server'
import { conditional, method, resource } from '~/http/json-action.server'
import { presentBatch } from '~/http/present-batches'

const door = resource({
  GET: method({
    rule: 'user',
    handle: ({ actor, desk, request, params }) =>
      conditional(request, async () => presentBatch(await findBatch(desk, actor, params.id as string))),
  }),
})
export const loader = door.loader
export const action = door.action
