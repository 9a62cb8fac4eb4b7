import { exportAnswer } from '~/http/export.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'admin', handle: (context) => exportAnswer(context, 'all') }),
})
export const loader = door.loader
export const action = door.action
