import { verbInput } from '~/domain/jobs/input'
import { undoJob } from '~/domain/jobs/undo.server'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(verbInput, undoJob)
export const loader = door.loader
export const action = door.action
