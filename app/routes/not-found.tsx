import type { MetaFunction } from '@remix-run/react'
import { NotFound } from '~/domain/errors'
import { pageLoader } from '~/http/page.server'
import { RootError } from '~/ui/ErrorPage'

/** Every address that is no page. */
export const loader = pageLoader('anyone', () => {
  throw new NotFound()
})

export const meta: MetaFunction = () => [{ title: 'Not found · Docket' }]

/** Never shown: the loader always refuses. */
export default function NotFoundPage() {
  return null
}

export function ErrorBoundary() {
  return <RootError />
}
