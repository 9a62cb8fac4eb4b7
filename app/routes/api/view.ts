import { viewPatch } from '~/domain/views/input'
import { findView } from '~/domain/views/queries.server'
import { changeView, removeView } from '~/domain/views/save.server'
import { conditional, json, method, resource } from '~/http/json-action.server'
import { presentView } from '~/http/present-views'
import { viewQuery } from '~/http/view-query.server'

const door = resource({
  GET: method({
    rule: 'user',
    handle: ({ actor, desk, params, request }) =>
      conditional(request, async () => presentView(await findView(desk, actor, params.id as string))),
  }),
  PATCH: method({
    rule: 'user',
    body: viewPatch,
    async handle({ actor, desk, params, value: { query, ...change } }) {
      const asked = query === undefined ? undefined : viewQuery(query)
      return json(presentView(await changeView(desk, actor, params.id as string, change, asked)))
    },
  }),
  DELETE: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      return json(presentView(await removeView(desk, actor, params.id as string)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
