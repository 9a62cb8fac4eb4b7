import { templateValuesInput } from '~/domain/templates/input'
import { makeJob } from '~/domain/templates/make.server'
import { jsonIdempotency } from '~/http/idempotency.server'
import { jsonText, method, resource } from '~/http/json-action.server'
import { toJson } from '~/http/json-text'
import { presentJob } from '~/http/present'
import { apiPaths } from '~/paths'

const door = resource({
  POST: method({
    rule: 'user',
    body: templateValuesInput,
    digitsOf: 'values',
    async handle({ actor, desk, params, request, value, text }) {
      const templateId = params.id as string
      const idempotency = jsonIdempotency(request, `POST /api/templates/${templateId}/jobs`, text)
      const { id, job, answer } = await makeJob(desk, actor, templateId, value.values, idempotency)
      const body = answer?.body ?? toJson(job && presentJob(job))
      return jsonText(body, answer?.status ?? 201, { Location: apiPaths.job(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
