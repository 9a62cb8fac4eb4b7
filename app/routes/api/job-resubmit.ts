import { resubmitInput } from '~/domain/jobs/input'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(resubmitInput, resubmitJob)
export const loader = door.loader
export const action = door.action
