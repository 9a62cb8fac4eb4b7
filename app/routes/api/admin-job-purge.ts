import { verbInput } from '~/domain/jobs/input'
import { purgeJob } from '~/domain/jobs/purge.server'
import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  POST: method({
    rule: 'admin',
    body: verbInput,
    async handle({ actor, desk, params, value }) {
      const id = params.id as string
      await purgeJob(desk, actor, id, value)
      return json({ id, purged: true })
    },
  }),
})
export const loader = door.loader
export const action = door.action
