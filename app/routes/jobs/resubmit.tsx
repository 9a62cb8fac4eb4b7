import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbAction, verbLoader } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = verbLoader('resubmit')
export const action = verbAction(verbInput, resubmitJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Resubmit${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function ResubmitJob() {
  const data = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="resubmit"
      title="Resubmit this job?"
      submit="Resubmit"
      pendingLabel="Resubmitting…"
    >
      <p>It is done once more from the start. Its result is cleared; earlier attempts stay on the record.</p>
    </VerbPanel>
  )
}
