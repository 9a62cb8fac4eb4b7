import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { acceptJob } from '~/domain/jobs/review.server'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('accept')
export const action = deskVerbAction(verbInput, acceptJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('accept', data?.preview.job.name) },
]

export default function AcceptResult() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="accept" {...data} reply={useAnswer<typeof action>()} />
}
