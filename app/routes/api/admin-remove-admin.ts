import { removeAdmin } from '~/domain/accounts/admins.server'
import { userVerbDoor } from '~/http/user-verb.server'

const door = userVerbDoor(removeAdmin)
export const loader = door.loader
export const action = door.action
