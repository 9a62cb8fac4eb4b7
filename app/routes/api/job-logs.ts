import { Invalid } from '~/domain/errors'
import { readLogFilter } from '~/domain/jobs/log-filter'
import { jobLogs, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditionalBySeq, method, orderParameter, pageParameters, resource } from '~/http/json-action.server'
import { presentLogPage } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params, url }) {
      const id = params.id as string
      const asked = (name: string) => url.searchParams.get(name)
      const { filter, errors } = readLogFilter({
        ...{ kind: asked('kind'), agent: asked('agent'), attempt: asked('attempt') },
      })
      if (Object.keys(errors).length > 0) throw new Invalid(errors)
      const query = { ...pageParameters(url), order: orderParameter(url), filter }
      const seq = await lastSeqOfJob(desk, actor, id)
      return conditionalBySeq(request, seq, async () => presentLogPage(await jobLogs(desk, actor, id, query)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
