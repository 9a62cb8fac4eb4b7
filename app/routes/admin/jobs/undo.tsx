import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { undoJob } from '~/domain/jobs/undo.server'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('undo')
export const action = deskVerbAction(verbInput, undoJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('undo', data?.preview.job.name) },
]

export default function UndoJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="undo" {...data} reply={useAnswer<typeof action>()} />
}
