import { turnsAndLines } from '~/http/events.server'
import { method, resource } from '~/http/json-action.server'
import { shownEntry } from '../jobs/shown-entry.server'

/** What admins' pages follow of everyone's jobs. */
const door = resource({
  GET: method({ rule: 'admin', handle: (asked) => turnsAndLines(asked, 'all', shownEntry) }),
})
export const loader = door.loader
export const action = door.action
