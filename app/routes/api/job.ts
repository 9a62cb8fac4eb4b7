import { archiveJob } from '~/domain/jobs/archive.server'
import { editJob } from '~/domain/jobs/edit.server'
import { jobChangeJson, verbInput } from '~/domain/jobs/input'
import { jobAnswer } from '~/http/job-answer.server'
import { conditional, json, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({
    rule: 'user',
    handle: (asked) => conditional(asked.request, () => jobAnswer(asked, asked.params.id as string)),
  }),
  PATCH: method({
    rule: 'user',
    body: jobChangeJson,
    async handle(asked) {
      const { id } = await editJob(asked.desk, asked.actor, asked.params.id as string, asked.value)
      return json(await jobAnswer(asked, id))
    },
  }),
  DELETE: method({
    rule: 'user',
    body: verbInput,
    async handle(asked) {
      const { id } = await archiveJob(asked.desk, asked.actor, asked.params.id as string, asked.value)
      return json(await jobAnswer(asked, id))
    },
  }),
})
export const loader = door.loader
export const action = door.action
