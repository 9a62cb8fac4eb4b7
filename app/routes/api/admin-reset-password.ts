import { passwordResetLink } from '~/domain/accounts/reset-password.server'
import { house } from '~/http/desk.server'
import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  POST: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      const origin = house().environment.APP_ORIGIN
      const { link, expiresAt } = await passwordResetLink(desk, actor, params.email as string, origin)
      const body = { link, expiresAt: new Date(expiresAt).toISOString() }
      return json(body, 201)
    },
  }),
})
export const loader = door.loader
export const action = door.action
