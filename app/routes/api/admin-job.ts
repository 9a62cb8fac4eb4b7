import { verbInput } from '~/domain/jobs/input'
import { purgeJob } from '~/domain/jobs/purge.server'
import { findJob } from '~/domain/jobs/queries.server'
import { conditional, json, method, resource } from '~/http/json-action.server'
import { presentJob } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    handle: ({ actor, desk, request, params }) =>
      conditional(request, async () => presentJob(await findJob(desk, actor, params.id as string))),
  }),
  DELETE: method({
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
