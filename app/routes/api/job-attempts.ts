import { jobAttempts, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditionalBySeq, method, orderParameter, pageParameters, resource } from '~/http/json-action.server'
import { presentAttempt, presentPage } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params, url }) {
      const id = params.id as string
      const query = { ...pageParameters(url), order: orderParameter(url) }
      const seq = await lastSeqOfJob(desk, actor, id)
      return conditionalBySeq(request, seq, async () =>
        presentPage(await jobAttempts(desk, actor, id, query), presentAttempt),
      )
    },
  }),
})
export const loader = door.loader
export const action = door.action
