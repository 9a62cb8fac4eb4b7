import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { LabelsPanel } from '~/ui/LabelsPanel'
import { verbTitle } from '~/ui/verb-words'
import { labelsAction, labelsLoader } from './labels.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = labelsLoader('user')
export const action = labelsAction('user', paths.job)

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: verbTitle('tags', data?.job.name) }]

export default function JobTags() {
  return <LabelsPanel {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
