import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { acceptJob } from '~/domain/jobs/review.server'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('accept')
export const action = verbAction(verbInput, acceptJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('accept', data?.job.name) },
]

export default function AcceptResult() {
  return <VerbPanel verb="accept" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
