import { jobLogs, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditional, method, pageParameters, resource } from '~/http/json-action.server'
import { presentLog, presentPage } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params, url }) {
      const id = params.id as string
      const page = await jobLogs(desk, actor, id, pageParameters(url))
      return conditional(request, await lastSeqOfJob(desk, id), async () => presentPage(page, presentLog))
    },
  }),
})
export const loader = door.loader
export const action = door.action
