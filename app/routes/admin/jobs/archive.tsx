import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { archiveJob } from '~/domain/jobs/archive.server'
import { verbInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('archive')
export const action = deskVerbAction(verbInput, archiveJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('archive', data?.preview.job.name) },
]

export default function ArchiveJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="archive" {...data} reply={useAnswer<typeof action>()} />
}
