import { cancelJob } from '~/domain/jobs/cancel.server'
import { verbInput } from '~/domain/jobs/input'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(verbInput, cancelJob)
export const loader = door.loader
export const action = door.action
