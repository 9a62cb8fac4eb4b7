import { backupAnswer, takeDownloadGrant } from '~/http/backup.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'

/** The bytes of a backup, for a browser whose password was just confirmed on the backup's page. */
export const loader = pageLoader('admin', async (context) => {
  const { actor, params, request, session } = context
  const name = params.name as string
  const used = await takeDownloadGrant(request, session, name)
  if (!used) return seeOther(paths.backup(name))
  return backupAnswer(context, { ...actor, confirmedBy: 'password' }, used)
})
