import { jobLogs, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditionalBySeq, method, pageParameters, resource } from '~/http/json-action.server'
import { presentLog, presentPage } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params, url }) {
      const id = params.id as string
      const query = pageParameters(url)
      const seq = await lastSeqOfJob(desk, actor, id)
      return conditionalBySeq(request, seq, async () =>
        presentPage(await jobLogs(desk, actor, id, query), presentLog),
      )
    },
  }),
})
export const loader = door.loader
export const action = door.action
