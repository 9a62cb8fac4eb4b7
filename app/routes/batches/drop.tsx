import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { dropBatch } from '~/domain/batches/drop.server'
import { batchVerbInput } from '~/domain/batches/input'
import { findBatch } from '~/domain/batches/queries.server'
import { formAction } from '~/http/form-action.server'
import { seeOther } from '~/http/respond.server'
import { listPlace, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BatchVerbPanel } from '~/ui/BatchVerbs'
import { pageTitle } from '~/ui/page-title'
import { batchVerbLoader } from './batch-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = batchVerbLoader()

export const action = formAction('user', batchVerbInput, async ({ actor, desk, params }) => {
  const id = params.id as string
  const { scope, filter, import: source } = await findBatch(desk, actor, id)
  await dropBatch(desk, actor, id)
  if (source) return seeOther(paths.templateCsv(source.templateId))
  return seeOther(paths.list(scope, listPlace(filter ?? '')))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Throw away') }]

export default function DropBatch() {
  return (
    <BatchVerbPanel
      verb="drop"
      batch={useLoaderData<typeof loader>().batch}
      reply={useAnswer<typeof action>()}
    />
  )
}
