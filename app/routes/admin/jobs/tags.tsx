import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listPlace, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { LabelsPanel } from '~/ui/LabelsPanel'
import { verbTitle } from '~/ui/verb-words'
import { labelsAction, labelsLoader } from '../../jobs/labels.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = labelsLoader('admin')
export const action = labelsAction('admin', (id, { search }) => paths.deskJob(id, listPlace(search)))

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: verbTitle('tags', data?.job.name) }]

export default function JobTagsAtDesk() {
  return <LabelsPanel {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
