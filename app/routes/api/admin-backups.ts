import { backupState, beginBackup, listBackups } from '~/domain/backups.server'
import { json, method, resource } from '~/http/json-action.server'
import { logger } from '~/http/log.server'
import { presentBackup, presentBackupState } from '~/http/present'

/** Most proxies give up on an answer after 30 s or more. */
const waitMs = 20_000

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ desk }) {
      const backups = await listBackups(desk)
      const state = presentBackupState(backupState(desk))
      return json({ data: backups.map(presentBackup), nextCursor: null, prevCursor: null, ...state })
    },
  }),
  POST: method({
    rule: 'admin',
    async handle({ actor, desk }) {
      const taken = await beginBackup(desk, actor, waitMs, (error) =>
        logger().error({ error: String(error) }, 'backup'),
      )
      return taken ? json(presentBackup(taken), 201) : json(presentBackupState(backupState(desk)), 202)
    },
  }),
})
export const loader = door.loader
export const action = door.action
