import { answerJob } from '~/domain/jobs/answer.server'
import { answerInput } from '~/domain/jobs/input'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(answerInput, answerJob)
export const loader = door.loader
export const action = door.action
