import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { BatchDetail } from '~/ui/BatchDetail'
import { batchTitle } from '~/ui/batch-words'
import { pageTitle } from '~/ui/page-title'
import { batchLoader } from './batch-page.server'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = batchLoader()

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && batchTitle(data.batch)) },
]

export default function Batch() {
  return <BatchDetail {...useLoaderData<typeof loader>()} />
}
