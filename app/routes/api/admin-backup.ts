import { deleteBackup } from '~/domain/backups.server'
import { backupAnswer } from '~/http/backup.server'
import { method, resource } from '~/http/json-action.server'

/** One backup: its bytes. */
const door = resource({
  GET: method({
    rule: 'admin',
    handle: (context) => backupAnswer(context, context.actor),
  }),
  DELETE: method({
    rule: 'admin',
    async handle({ desk, actor, params }) {
      await deleteBackup(desk, actor, params.name ?? '')
      return new Response(null, { status: 204 })
    },
  }),
})
export const loader = door.loader
export const action = door.action
