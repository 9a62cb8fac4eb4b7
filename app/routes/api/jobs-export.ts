import { exportAnswer } from '~/http/export.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'user', handle: (context) => exportAnswer(context, 'own') }),
})
export const loader = door.loader
export const action = door.action
