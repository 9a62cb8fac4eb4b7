import { assignmentInput } from '~/domain/jobs/input'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { deskVerbDoor } from '~/http/job-verb.server'

const door = deskVerbDoor(assignmentInput, reassignJob)
export const loader = door.loader
export const action = door.action
