import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import {
  backsUpHere,
  backupState,
  beginBackup,
  cancelRestore,
  deleteBackup,
  listBackups,
  stagedRestore,
} from '~/domain/backups.server'
import { dailyBackups } from '~/http/backup.server'
import { formAction } from '~/http/form-action.server'
import { logger } from '~/http/log.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackupList } from '~/ui/BackupList'
import { EmptyState } from '~/ui/EmptyState'
import { PostForm, SubmitButton } from '~/ui/forms'
import { Notice } from '~/ui/Notice'
import { Page, PageHeader, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { Time } from '~/ui/time'
import { useRefresh } from '~/ui/use-refresh'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Backups') },
]

export const loader = pageLoader('admin', async ({ desk }) => ({
  possible: backsUpHere(desk),
  backups: await listBackups(desk),
  staged: await stagedRestore(desk),
  damage: desk.db.damage,
  daily: dailyBackups(),
  ...backupState(desk),
}))

/** A small database is copied by then, and its backup is in the list that the form leads to. */
const waitMs = 3_000

const backupInput = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('take') }),
  z.object({ intent: z.literal('delete'), name: z.string() }),
  z.object({ intent: z.literal('cancel-restore') }),
])

export const action = formAction('admin', backupInput, async ({ desk, actor, value }) => {
  if (value.intent === 'take')
    await beginBackup(desk, actor, waitMs, (error) => logger().error({ error: String(error) }, 'backup'))
  else if (value.intent === 'delete') await deleteBackup(desk, actor, value.name)
  else await cancelRestore(desk, actor)
  return seeOther(paths.backups)
})

export default function Backups() {
  const { possible, backups, staged, running, failure, damage, daily } = useLoaderData<typeof loader>()
  useRefresh(running ? 2_000 : null)
  const refusal = Object.values(useAnswer<typeof action>()?.reply.error ?? {})
    .flat()
    .join(' ')
  return (
    <Page>
      <PageHeader
        title="Backups"
        description={`Copies of the whole database, in the folder backups/ beside it. ${
          daily
            ? `One is taken each day; the newest ${daily} are kept.`
            : 'Daily backups are off (BACKUPS=off).'
        } Keep some elsewhere too.`}
      />
      {refusal && (
        <Notice tone="danger" role="alert">
          {refusal}
        </Notice>
      )}
      {damage && (
        <Notice tone="danger" role="alert" title="The database is damaged">
          {damage} Restore a backup, or stop Docket and run `npm run admin -- check` for a full list.
        </Notice>
      )}
      {failure && !refusal && (
        <Notice tone="danger" title="The last backup was not taken">
          <p>
            <Time at={failure.at} exact />: {failure.reason}
          </p>
        </Notice>
      )}
      {staged && (
        <Notice tone="warn" title="A restore waits for the next start">
          <p>
            {staged} takes the database's place when Docket is started again. What was done since is set aside
            in a file of its own.
          </p>
          <PostForm>
            <SubmitButton variant="secondary" size="small" name="intent" value="cancel-restore">
              Leave the database as it is
            </SubmitButton>
          </PostForm>
        </Notice>
      )}
      {possible ? (
        <Section title="Backups" actions={running ? <Running {...running} /> : <TakeBackup />} flush>
          <BackupList backups={backups} staged={staged} />
        </Section>
      ) : (
        <Section title="Backups" flush>
          <EmptyState title="Not from here">
            The database is on a libSQL server: back it up and restore it there.
          </EmptyState>
        </Section>
      )}
    </Page>
  )
}

function Running({ startedAt }: { startedAt: number }) {
  return (
    <p role="status" className="text-xs text-ink-2">
      Backing up since <Time at={startedAt} exact />…
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
    </p>
  )
}

function TakeBackup() {
  return (
    <PostForm className="flex flex-wrap items-center gap-2">
      <SubmitButton size="small" name="intent" value="take" pendingLabel="Backing up…">
        Back up now
      </SubmitButton>
    </PostForm>
  )
}
