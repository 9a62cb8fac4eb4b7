import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { feedbackInput } from '~/domain/jobs/input'
import { sendBackJob } from '~/domain/jobs/review.server'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('sendBack')
export const action = verbAction(feedbackInput, sendBackJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('send-back', data?.job.name) },
]

export default function SendBack() {
  return <VerbPanel verb="send-back" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
