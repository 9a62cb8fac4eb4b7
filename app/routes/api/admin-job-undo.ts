import { verbInput } from '~/domain/jobs/input'
import { undoJob } from '~/domain/jobs/undo.server'
import { deskVerbDoor } from '~/http/job-verb.server'

const door = deskVerbDoor(verbInput, undoJob)
export const loader = door.loader
export const action = door.action
