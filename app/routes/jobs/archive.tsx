import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { archiveJob } from '~/domain/jobs/archive.server'
import { verbInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { verbAction, verbLoader } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = verbLoader('archive')
export const action = verbAction(verbInput, archiveJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('archive', data?.job.name) },
]

export default function ArchiveJob() {
  return <VerbPanel verb="archive" {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
