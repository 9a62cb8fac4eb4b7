import { Invalid } from '~/domain/errors'
import { createJob } from '~/domain/jobs/create.server'
import { newJobJson } from '~/domain/jobs/input'
import { listJobs } from '~/domain/jobs/queries.server'
import { jsonIdempotency } from '~/http/idempotency.server'
import { conditional, jsonText, method, pageParameters, resource } from '~/http/json-action.server'
import { presentJob, presentPage, presentSummary, toJson } from '~/http/present'
import { paths } from '~/paths'
import { type JobStatus, jobStatuses } from '~db/vocabulary'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, url }) {
      const query = { scope: 'own', status: statusParameter(url), ...pageParameters(url) } as const
      return conditional(request, async () => presentPage(await listJobs(desk, actor, query), presentSummary))
    },
  }),
  POST: method({
    rule: 'user',
    body: newJobJson,
    async handle({ actor, desk, request, value, text }) {
      const idempotency = jsonIdempotency(request, 'POST /api/jobs', text)
      const { id, job, answer } = await createJob(desk, actor, value, idempotency)
      const body = answer?.body ?? toJson(job && presentJob(job))
      return jsonText(body, answer?.status ?? 201, { Location: paths.api.job(id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action

/** @throws {Invalid} */
function statusParameter(url: URL): JobStatus | undefined {
  const given = url.searchParams.get('status')
  if (!given) return undefined
  const status = jobStatuses.find((each) => each === given.toUpperCase())
  if (!status) throw new Invalid({ status: [`status is one of ${jobStatuses.join(', ')}.`] })
  return status
}
