import { payloadDoor } from '~/http/raw.server'

const door = payloadDoor('request')
export const loader = door.loader
export const action = door.action
