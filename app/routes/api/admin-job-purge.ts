import { purging } from '~/http/job-verb.server'
import { resource } from '~/http/json-action.server'

const door = resource({ POST: purging })
export const loader = door.loader
export const action = door.action
