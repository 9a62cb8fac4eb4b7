import { makeAdmin } from '~/domain/accounts/users.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentUser } from '~/http/present'

const door = resource({
  POST: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      return json(presentUser(await makeAdmin(desk, actor, params.email as string)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
