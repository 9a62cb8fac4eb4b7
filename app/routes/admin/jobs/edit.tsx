import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listPlace, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { JobEdit } from '~/ui/JobEdit'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'
import { editAction, editLoader } from '../../jobs/edit-job.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = editLoader('admin')
export const action = editAction('admin', (id, { search }) => paths.deskJob(id, listPlace(search)))

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Edit ${plainName(data.job.name)}`) },
]

export default function EditJobAtDesk() {
  return <JobEdit {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
