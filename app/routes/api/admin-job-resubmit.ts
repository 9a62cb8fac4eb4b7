import { verbInput } from '~/domain/jobs/input'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { deskVerbDoor } from '~/http/job-verb.server'

const door = deskVerbDoor(verbInput, resubmitJob)
export const loader = door.loader
export const action = door.action
