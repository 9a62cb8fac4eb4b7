import { enableUser } from '~/domain/accounts/disable.server'
import { userVerbDoor } from '~/http/user-verb.server'

const door = userVerbDoor(enableUser)
export const loader = door.loader
export const action = door.action
