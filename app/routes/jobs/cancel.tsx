import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { verbInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('cancel')
export const action = verbAction(verbInput, cancelJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('cancel', data?.job.name) },
]

export default function CancelJob() {
  return <VerbPanel verb="cancel" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
