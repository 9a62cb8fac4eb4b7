import { archiveJob } from '~/domain/jobs/archive.server'
import { editJob } from '~/domain/jobs/edit.server'
import { jobChangeJson, verbInput } from '~/domain/jobs/input'
import { findJob } from '~/domain/jobs/queries.server'
import { conditional, json, method, resource } from '~/http/json-action.server'
import { presentJob } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    handle: ({ actor, desk, request, params }) =>
      conditional(request, async () => presentJob(await findJob(desk, actor, params.id as string))),
  }),
  PATCH: method({
    rule: 'user',
    body: jobChangeJson,
    async handle({ actor, desk, params, value }) {
      const { id } = await editJob(desk, actor, params.id as string, value)
      return json(presentJob(await findJob(desk, actor, id)))
    },
  }),
  DELETE: method({
    rule: 'user',
    body: verbInput,
    async handle({ actor, desk, params, value }) {
      const { id } = await archiveJob(desk, actor, params.id as string, value)
      return json(presentJob(await findJob(desk, actor, id)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
