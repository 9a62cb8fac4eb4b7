import { inviteInput } from '~/domain/accounts/input'
import { invite, listInvitations } from '~/domain/accounts/invite.server'
import { house } from '~/http/desk.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentInvitation } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk }) {
      const invitations = await listInvitations(desk, actor)
      return json({ data: invitations.map(presentInvitation), nextCursor: null, prevCursor: null })
    },
  }),
  POST: method({
    rule: 'admin',
    body: inviteInput,
    async handle({ actor, desk, value }) {
      const { link, view } = await invite(desk, actor, value, house().environment.APP_ORIGIN)
      return json({ ...presentInvitation(view), link }, 201)
    },
  }),
})
export const loader = door.loader
export const action = door.action
