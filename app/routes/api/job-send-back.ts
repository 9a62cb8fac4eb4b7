import { feedbackInput } from '~/domain/jobs/input'
import { sendBackJob } from '~/domain/jobs/review.server'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(feedbackInput, sendBackJob)
export const loader = door.loader
export const action = door.action
