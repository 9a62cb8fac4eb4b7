import { jobListAnswer } from '~/http/job-list.server'
import { method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({
    rule: 'admin',
    handle(asked) {
      return jobListAnswer(asked, 'all')
    },
  }),
})
export const loader = door.loader
export const action = door.action
