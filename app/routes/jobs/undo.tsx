import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { undoJob } from '~/domain/jobs/undo.server'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('undo')
export const action = verbAction(verbInput, undoJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: verbTitle('undo', data?.job.name) }]

export default function UndoJob() {
  return <VerbPanel verb="undo" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
