import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'anyone', anyQuery: true, anyVersion: true, handle: () => json({ alive: true }) }),
})
export const loader = door.loader
export const action = door.action
