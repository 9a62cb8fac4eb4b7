import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { batchVerbInput } from '~/domain/batches/input'
import { retryBatch } from '~/domain/batches/retry.server'
import { formAction } from '~/http/form-action.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BatchVerbPanel } from '~/ui/BatchVerbs'
import { pageTitle } from '~/ui/page-title'
import { batchVerbLoader } from './batch-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = batchVerbLoader()

export const action = formAction('user', batchVerbInput, async ({ actor, desk, params }) => {
  return seeOther(paths.batch(await retryBatch(desk, actor, params.id as string)))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Try again') }]

export default function RetryBatch() {
  return (
    <BatchVerbPanel
      verb="retry"
      batch={useLoaderData<typeof loader>().batch}
      reply={useAnswer<typeof action>()}
    />
  )
}
