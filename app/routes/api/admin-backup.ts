import { deleteBackup } from '~/domain/backups.server'
import { backupAnswer } from '~/http/backup.server'
import { RequestRefused } from '~/http/body.server'
import { method, resource } from '~/http/json-action.server'

/** One backup: its bytes. */
const door = resource({
  GET: method({
    rule: 'admin',
    handle(context) {
      const { confirmedBy } = context.actor
      if (!confirmedBy) throw new RequestRefused(403, 'Send a token, or download the backup on its page.')
      return backupAnswer(context, context.actor)
    },
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
