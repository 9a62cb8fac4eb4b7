import { disableUser } from '~/domain/accounts/disable.server'
import { userVerbDoor } from '~/http/user-verb.server'

const door = userVerbDoor(disableUser)
export const loader = door.loader
export const action = door.action
