import { retentionPatch } from '~/domain/retention/input'
import { readRetention, saveRetention } from '~/domain/retention/settings.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentRetention } from '~/http/present-retention'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk, actor }) {
      return json(presentRetention(await readRetention(desk, actor)))
    },
  }),
  PATCH: method({
    rule: 'admin',
    body: retentionPatch,
    async handle({ desk, actor, value }) {
      await saveRetention(desk, actor, value)
      return json(presentRetention(await readRetention(desk, actor)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
