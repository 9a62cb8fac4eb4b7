import { listTokensOf } from '~/domain/accounts/tokens.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentToken } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      const tokens = await listTokensOf(desk, actor, params.email as string)
      return json({ data: tokens.map(presentToken) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
