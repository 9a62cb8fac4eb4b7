import { jobAttempts, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { includesResult, wholeResult } from '~/http/job-answer.server'
import { conditionalBySeq, method, orderParameter, pageParameters, resource } from '~/http/json-action.server'
import { presentAttempt, presentLongPage } from '~/http/present'

/** With `include=result` a page ends early at so many bytes of results; one result may have more. */
const maxIncluded = 10_000_000

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params, url }) {
      const id = params.id as string
      const query = { ...pageParameters(url), order: orderParameter(url) }
      const seq = await lastSeqOfJob(desk, actor, id)
      const isWhole = includesResult(url)
      return conditionalBySeq(request, seq, async () => {
        const page = await jobAttempts(desk, actor, id, query, isWhole ? maxIncluded : undefined)
        return presentLongPage(page, async (attempt) => {
          const isLong = attempt.resultBytes !== null && attempt.result === null
          const result = isWhole && isLong ? await wholeResult(desk, actor, id, attempt.number) : undefined
          return presentAttempt(attempt, id, result)
        })
      })
    },
  }),
})
export const loader = door.loader
export const action = door.action
