import { listBackups, takeBackup } from '~/domain/backups.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentBackup } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk }) {
      const backups = await listBackups(desk)
      return json({ data: backups.map(presentBackup), nextCursor: null, prevCursor: null })
    },
  }),
  POST: method({
    rule: 'admin',
    async handle({ actor, desk }) {
      return json(presentBackup(await takeBackup(desk, actor)), 201)
    },
  }),
})
export const loader = door.loader
export const action = door.action
