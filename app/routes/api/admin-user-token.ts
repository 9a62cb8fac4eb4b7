import { revokeTokenOf } from '~/domain/accounts/tokens.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  DELETE: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      await revokeTokenOf(desk, actor, params.email as string, params.id as string)
      return new Response(null, { status: 204 })
    },
  }),
})
export const loader = door.loader
export const action = door.action
