import { backupAnswer } from '~/http/backup.server'
import { pageLoader } from '~/http/page.server'

export const loader = pageLoader('admin', (context) => backupAnswer(context, context.actor))
