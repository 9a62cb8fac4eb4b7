import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { currentPassword } from '~/domain/accounts/input'
import { findBackup, stagedRestore, stageRestore } from '~/domain/backups.server'
import { downloadGrant } from '~/http/backup.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { BackupForms } from '~/ui/BackupForms'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { sizeText } from '~/ui/size-text'
import { Time } from '~/ui/time'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Backup') },
]

export const loader = pageLoader('admin', async ({ desk, params }) => {
  const backup = await findBackup(desk, params.name as string)
  return { backup, isStaged: (await stagedRestore(desk)) === backup.name }
})

const backupInput = z.object({ intent: z.enum(['download', 'restore']), currentPassword })

export const action = formAction('admin', backupInput, async ({ desk, actor, params, session, value }) => {
  const { name } = await findBackup(desk, params.name as string)
  const confirmed = await confirmPassword(desk, actor, value.currentPassword)
  if (value.intent === 'download') return seeOther(paths.backupFile(name), await downloadGrant(session, name))
  await stageRestore(desk, confirmed, name)
  return seeOther(paths.backups)
})

export default function Backup() {
  const { backup, isStaged } = useLoaderData<typeof loader>()
  return (
    <Page>
      <BackLink to={paths.backups}>All backups</BackLink>
      <PageHeader
        title={
          <>
            Backup of <Time at={backup.takenAt} exact />
          </>
        }
        description={`${backup.name} · ${sizeText(backup.size)}`}
      />
      <BackupForms isStaged={isStaged} reply={useAnswer<typeof action>()} />
    </Page>
  )
}
