import { everyRow } from '~/http/events.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'admin', handle: (asked) => everyRow(asked, 'all') }),
})
export const loader = door.loader
export const action = door.action
