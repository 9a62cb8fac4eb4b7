import { z } from 'zod'
import { cancelRestore, stagedRestore, stageRestore } from '~/domain/backups.server'
import { json, method, resource } from '~/http/json-action.server'

const restoreInput = z.object({ name: z.string({ error: 'Give the name of a backup.' }) })

/** The backup that the next start restores, if any: `{name}`. */
const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk }) {
      return json({ name: await stagedRestore(desk) })
    },
  }),
  POST: method({
    rule: 'admin',
    body: restoreInput,
    async handle({ actor, desk, value }) {
      await stageRestore(desk, actor, value.name)
      return json({ name: value.name }, 202)
    },
  }),
  DELETE: method({
    rule: 'admin',
    async handle({ actor, desk }) {
      await cancelRestore(desk, actor)
      return json({ name: null })
    },
  }),
})
export const loader = door.loader
export const action = door.action
