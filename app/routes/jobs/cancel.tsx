import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { verbInput } from '~/domain/jobs/input'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbAction, verbLoader } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = verbLoader('cancel')
export const action = verbAction(verbInput, cancelJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Cancel${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function CancelJob() {
  const data = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="cancel"
      title="Cancel this job?"
      submit="Cancel job"
      pendingLabel="Canceling…"
      variant="danger"
      back="Keep it"
    >
      <p>
        An agent that works on it is told to stop at once, and what it hands in after that does not count. The
        record stays; you can resubmit the job later.
      </p>
    </VerbPanel>
  )
}
