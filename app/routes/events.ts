import { turnsAndLines } from '~/http/events.server'
import { method, resource } from '~/http/json-action.server'
import { shownEntry } from './jobs/shown-entry.server'

/** What pages follow of one's own jobs. */
const door = resource({
  GET: method({ rule: 'user', handle: (asked) => turnsAndLines(asked, 'own', shownEntry) }),
})
export const loader = door.loader
export const action = door.action
