import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { resubmitInput } from '~/domain/jobs/input'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('resubmit')
export const action = deskVerbAction(resubmitInput, resubmitJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('resubmit', data?.preview.job.name) },
]

export default function ResubmitJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="resubmit" {...data} reply={useAnswer<typeof action>()} />
}
