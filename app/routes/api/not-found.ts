import { NotFound } from '~/domain/errors'
import { method, resource } from '~/http/json-action.server'

const refuse = method({
  rule: 'anyone',
  anyQuery: true,
  handle() {
    throw new NotFound('This resource')
  },
})
const door = resource({ GET: refuse, POST: refuse, PATCH: refuse, DELETE: refuse })
export const loader = door.loader
export const action = door.action
