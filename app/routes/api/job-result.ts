import { readResult } from '~/domain/jobs/results.server'
import { method, resource } from '~/http/json-action.server'
import { wellFormedSlices } from '~/http/json-text'
import { rawJson } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, url }) {
      const { id = '' } = params
      const slices = await readResult(desk, actor, id)
      return rawJson(wellFormedSlices(slices), url, `docket-${id}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
