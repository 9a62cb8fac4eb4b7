import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { verbInput } from '~/domain/jobs/input'
import { purgeJob } from '~/domain/jobs/purge.server'
import { formAction } from '~/http/form-action.server'
import { seeOther } from '~/http/respond.server'
import { listPlace, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('purge')

/** There is nothing to go back to but the list. */
export const action = formAction('admin', verbInput, async ({ actor, desk, params, url, value }) => {
  await purgeJob(desk, actor, params.id as string, value)
  return seeOther(paths.desk(listPlace(url.search)))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('purge', data?.preview.job.name) },
]

export default function PurgeJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="purge" {...data} reply={useAnswer<typeof action>()} />
}
