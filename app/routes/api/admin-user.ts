import { findUser } from '~/domain/accounts/users.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentUser } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      return json(presentUser(await findUser(desk, actor, params.email as string)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
