import { tagChangeInput } from '~/domain/jobs/input'
import { tagJob } from '~/domain/jobs/tag.server'
import { jobVerbDoor } from '~/http/job-verb.server'

const door = jobVerbDoor(tagChangeInput, tagJob)
export const loader = door.loader
export const action = door.action
