import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { feedbackInput } from '~/domain/jobs/input'
import { sendBackJob } from '~/domain/jobs/review.server'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('sendBack')
export const action = deskVerbAction(feedbackInput, sendBackJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('send-back', data?.preview.job.name) },
]

export default function SendBack() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="send-back" {...data} reply={useAnswer<typeof action>()} />
}
