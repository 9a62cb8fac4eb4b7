import { archiveJob } from '~/domain/jobs/archive.server'
import { verbInput } from '~/domain/jobs/input'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(verbInput, archiveJob)
export const loader = door.loader
export const action = door.action
