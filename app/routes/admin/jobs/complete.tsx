import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { completeJob } from '~/domain/jobs/complete.server'
import { completionForm } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { CompletionFields } from '~/ui/CompletionFields'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('complete')
export const action = deskVerbAction(completionForm, completeJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('complete', data?.preview.job.name) },
]

export default function CompleteJob() {
  const data = useLoaderData<typeof loader>()
  return (
    <DeskVerbPanel
      verb="complete"
      {...data}
      reply={useAnswer<typeof action>()}
      fields={(fields) => <CompletionFields fields={fields} hasResult={data.preview.job.hasResult} />}
    />
  )
}
