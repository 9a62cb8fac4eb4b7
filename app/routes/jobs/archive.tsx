import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { archiveJob } from '~/domain/jobs/archive.server'
import { verbInput } from '~/domain/jobs/input'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbAction, verbLoader } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = verbLoader('archive')
export const action = verbAction(verbInput, archiveJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Archive${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function ArchiveJob() {
  const data = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="archive"
      title="Archive this job?"
      submit="Archive"
      pendingLabel="Archiving…"
    >
      <p>It leaves the lists. Its page and its log stay, and resubmitting brings it back.</p>
    </VerbPanel>
  )
}
