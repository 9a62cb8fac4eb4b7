import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { acceptJob } from '~/domain/jobs/review.server'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbAction, verbLoader } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = verbLoader('accept')
export const action = verbAction(verbInput, acceptJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Accept${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function AcceptResult() {
  const data = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="accept"
      title="Accept the result?"
      submit="Accept result"
      pendingLabel="Accepting…"
    >
      <p>The job is then completed.</p>
    </VerbPanel>
  )
}
