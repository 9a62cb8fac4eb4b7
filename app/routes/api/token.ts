import { revokeToken } from '~/domain/accounts/tokens.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  DELETE: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      await revokeToken(desk, actor, params.id as string)
      return new Response(null, { status: 204 })
    },
  }),
})
export const loader = door.loader
export const action = door.action
