import { NotFound } from '~/domain/errors'
import { findJob } from '~/domain/jobs/queries.server'
import { method, resource } from '~/http/json-action.server'
import { rawJson } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, url }) {
      const { id, result } = await findJob(desk, actor, params.id as string)
      if (result === null) throw new NotFound('This result')
      return rawJson(result, url, `docket-${id}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
