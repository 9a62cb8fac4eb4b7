import { verbInput } from '~/domain/jobs/input'
import { acceptJob } from '~/domain/jobs/review.server'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(verbInput, acceptJob)
export const loader = door.loader
export const action = door.action
