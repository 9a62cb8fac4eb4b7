import { cancelJob } from '~/domain/jobs/cancel.server'
import { verbInput } from '~/domain/jobs/input'
import { deskVerbDoor } from '~/http/job-verb.server'

const door = deskVerbDoor(verbInput, cancelJob)
export const loader = door.loader
export const action = door.action
