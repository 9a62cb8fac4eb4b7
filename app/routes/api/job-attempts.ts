import { jobAttempts, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditionalBySeq, method, resource } from '~/http/json-action.server'
import { presentAttempt } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params }) {
      const id = params.id as string
      const seq = await lastSeqOfJob(desk, actor, id)
      return conditionalBySeq(request, seq, async () => ({
        data: (await jobAttempts(desk, actor, id)).map(presentAttempt),
        nextCursor: null,
        prevCursor: null,
      }))
    },
  }),
})
export const loader = door.loader
export const action = door.action
