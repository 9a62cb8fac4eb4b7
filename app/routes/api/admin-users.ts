import { listUsers } from '~/domain/accounts/users.server'
import { json, method, pageParameters, resource } from '~/http/json-action.server'
import { presentPage, presentUser } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk, url }) {
      const search = url.searchParams.get('search')
      const page = await listUsers(desk, actor, { search, ...pageParameters(url) })
      return json(presentPage(page, presentUser))
    },
  }),
})
export const loader = door.loader
export const action = door.action
