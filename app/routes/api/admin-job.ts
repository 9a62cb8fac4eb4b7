import { verbInput } from '~/domain/jobs/input'
import { purgeJob } from '~/domain/jobs/purge.server'
import { jobAnswer } from '~/http/job-answer.server'
import { conditional, json, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({
    rule: 'admin',
    handle: (asked) => conditional(asked.request, () => jobAnswer(asked, asked.params.id as string)),
  }),
  DELETE: method({
    rule: 'admin',
    body: verbInput,
    async handle({ actor, desk, params, value }) {
      const id = params.id as string
      await purgeJob(desk, actor, id, value)
      return json({ id, purged: true })
    },
  }),
})
export const loader = door.loader
export const action = door.action
