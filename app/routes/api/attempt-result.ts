import { NotFound } from '~/domain/errors'
import { attemptResult } from '~/domain/jobs/queries.server'
import { method, resource } from '~/http/json-action.server'
import { rawJson } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, url }) {
      const { id = '', number = '' } = params
      if (!/^[1-9]\d{0,9}$/.test(number)) throw new NotFound('This result')
      const result = await attemptResult(desk, actor, id, Number(number))
      return rawJson(result, url, `docket-${id}-attempt-${number}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
