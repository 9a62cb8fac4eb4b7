import { withdrawInvitation } from '~/domain/accounts/invite.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentInvitation } from '~/http/present'

const door = resource({
  DELETE: method({
    rule: 'admin',
    async handle({ actor, desk, params }) {
      return json(presentInvitation(await withdrawInvitation(desk, actor, params.id as string)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
