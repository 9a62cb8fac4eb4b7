import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { confirmInput } from '~/domain/batches/input'
import { formAction } from '~/http/form-action.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BatchDetail } from '~/ui/BatchDetail'
import { batchTitle } from '~/ui/batch-words'
import { pageTitle } from '~/ui/page-title'
import { batchLoader } from './batch-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = batchLoader()

export const action = formAction('user', confirmInput, async ({ actor, desk, params, value }) => {
  const id = params.id as string
  await confirmBatch(desk, actor, id, value)
  return seeOther(paths.batch(id))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && batchTitle(data.batch)) },
]

export default function ConfirmBatch() {
  return <BatchDetail {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
