import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { JobEdit } from '~/ui/JobEdit'
import { plainName } from '~/ui/name'
import { Page } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { editAction, editLoader } from './edit-job.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = editLoader('user')
export const action = editAction('user', paths.job)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Edit ${plainName(data.job.name)}`) },
]

export default function EditJob() {
  return (
    <Page width="narrow">
      <JobEdit {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
    </Page>
  )
}
