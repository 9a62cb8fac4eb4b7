import { tagChangeInput } from '~/domain/jobs/input'
import { tagJob } from '~/domain/jobs/tag.server'
import { deskVerbDoor } from '~/http/job-verb.server'

const door = deskVerbDoor(tagChangeInput, tagJob)
export const loader = door.loader
export const action = door.action
