import { createJob } from '~/domain/jobs/create.server'
import { newJobJson } from '~/domain/jobs/input'
import { jsonIdempotency } from '~/http/idempotency.server'
import { jobListAnswer } from '~/http/job-list.server'
import { jsonText, method, resource } from '~/http/json-action.server'
import { toJson } from '~/http/json-text'
import { presentJob } from '~/http/present'
import { apiPaths } from '~/paths'

const door = resource({
  GET: method({
    rule: 'user',
    handle(asked) {
      return jobListAnswer(asked, 'own')
    },
  }),
  POST: method({
    rule: 'user',
    body: newJobJson,
    async handle({ actor, desk, request, value, text }) {
      const idempotency = jsonIdempotency(request, 'POST /api/jobs', text)
      const { id, job, answer } = await createJob(desk, actor, value, idempotency)
      const body = answer?.body ?? toJson(job && presentJob(job))
      return jsonText(body, answer?.status ?? 201, { Location: apiPaths.job(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
