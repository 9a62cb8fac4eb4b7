import { NotFound } from '~/domain/errors'
import { findJob } from '~/domain/jobs/queries.server'
import { imageOf } from '~/domain/jobs/result-image'
import { method, resource } from '~/http/json-action.server'
import { rawImage } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, request }) {
      const { id, result } = await findJob(desk, actor, params.id as string)
      const image = result === null ? null : imageOf(result)
      if (!image) throw new NotFound('This image')
      return rawImage(image, request, `docket-${id}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
