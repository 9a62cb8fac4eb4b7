import { jobAttempts, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditional, method, resource } from '~/http/json-action.server'
import { presentAttempt } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params }) {
      const id = params.id as string
      const attempts = await jobAttempts(desk, actor, id)
      return conditional(request, await lastSeqOfJob(desk, id), async () => ({
        data: attempts.map(presentAttempt),
        nextCursor: null,
        prevCursor: null,
      }))
    },
  }),
})
export const loader = door.loader
export const action = door.action
