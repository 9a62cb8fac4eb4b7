import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { verbInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('cancel')
export const action = deskVerbAction(verbInput, cancelJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('cancel', data?.preview.job.name) },
]

export default function CancelJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="cancel" {...data} reply={useAnswer<typeof action>()} />
}
