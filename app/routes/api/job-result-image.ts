import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { NotFound } from '~/domain/errors'
import { imageOf } from '~/domain/jobs/result-image'
import { readResult } from '~/domain/jobs/results.server'
import { method, resource } from '~/http/json-action.server'
import { rawImage } from '~/http/raw.server'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params, request }) {
      const { id = '' } = params
      const json = Buffer.concat(await readResult(desk, actor, id)).toString()
      // megabytes: other requests come in between the steps
      await yieldToEventLoop()
      const image = imageOf(json)
      await yieldToEventLoop()
      if (!image) throw new NotFound('This image')
      return rawImage(image, request, `docket-${id}-result`)
    },
  }),
})
export const loader = door.loader
export const action = door.action
