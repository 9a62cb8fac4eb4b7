import { resetTwoFactor } from '~/domain/two-factor/disable.server'
import { userVerbDoor } from '~/http/user-verb.server'

const door = userVerbDoor(resetTwoFactor)
export const loader = door.loader
export const action = door.action
