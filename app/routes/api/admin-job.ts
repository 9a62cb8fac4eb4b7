import { jobAnswer } from '~/http/job-answer.server'
import { purging } from '~/http/job-verb.server'
import { conditional, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({
    rule: 'admin',
    handle: (asked) => conditional(asked.request, () => jobAnswer(asked, asked.params.id as string)),
  }),
  DELETE: purging,
})
export const loader = door.loader
export const action = door.action
