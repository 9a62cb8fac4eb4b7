import { NotFound } from '~/domain/errors'
import { readResult } from '~/domain/jobs/results.server'
import { method, resource } from '~/http/json-action.server'
import { wellFormedSlices } from '~/http/json-text'
import { rawJson } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, url }) {
      const { id = '', number = '' } = params
      if (!/^[1-9]\d{0,9}$/.test(number)) throw new NotFound('This result')
      const slices = await readResult(desk, actor, id, Number(number))
      return rawJson(wellFormedSlices(slices), url, `docket-${id}-attempt-${number}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
