import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { resubmitInput } from '~/domain/jobs/input'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('resubmit')
export const action = verbAction(resubmitInput, resubmitJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('resubmit', data?.job.name) },
]

export default function ResubmitJob() {
  return <VerbPanel verb="resubmit" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
