import { archiveJob } from '~/domain/jobs/archive.server'
import { editJob } from '~/domain/jobs/edit.server'
import { jobChangeJson, verbInput } from '~/domain/jobs/input'
import { findJob, lastSeqOfJob } from '~/domain/jobs/queries.server'
import { conditional, json, method, resource } from '~/http/json-action.server'
import { presentJob } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, params }) {
      const id = params.id as string
      // the tag before what it stands for: a change in between makes a tag too old, never one too new
      const seq = await lastSeqOfJob(desk, actor, id)
      return conditional(request, seq, async () => presentJob(await findJob(desk, actor, id)))
    },
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
