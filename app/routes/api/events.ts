import { everyRow } from '~/http/events.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'user', handle: (asked) => everyRow(asked, 'own') }),
})
export const loader = door.loader
export const action = door.action
