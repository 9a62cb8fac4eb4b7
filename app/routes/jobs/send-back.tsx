import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { feedbackInput } from '~/domain/jobs/input'
import { sendBackJob } from '~/domain/jobs/review.server'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbAction, verbLoader } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = verbLoader('sendBack')
export const action = verbAction(feedbackInput, sendBackJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Send back${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function SendBack() {
  const data = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="send-back"
      title="Send it back"
      submit="Send back"
      pendingLabel="Sending back…"
      field={{ name: 'feedback', label: 'What is missing or wrong' }}
    >
      <p>The same agent gets it again, with what you write here.</p>
    </VerbPanel>
  )
}
