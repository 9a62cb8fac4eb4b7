import { Link, useLocation, useRouteError } from '@remix-run/react'
import { lazy, Suspense } from 'react'
import { paths } from '~/paths'

/** Most pages never need it, so none loads it before. Where it can't be loaded there is still a way on. */
const Refused = lazy(() => import('./ErrorPage').catch(() => ({ default: Unexplained })))

function Unexplained() {
  const { pathname, search } = useLocation()
  return (
    <p role="alert" className="px-4 py-10 text-center">
      Something went wrong, and Docket can’t be reached.{' '}
      <a href={pathname + search} className="text-accent underline">
        Try again
      </a>
    </p>
  )
}

/** A route's ErrorBoundary: the frame around it stays. */
export function RouteError() {
  const error = useRouteError()
  return (
    <Suspense fallback={null}>
      <Refused error={error} />
    </Suspense>
  )
}

/** Where there is no frame, or not even the frame could be shown. */
export function RootError() {
  return (
    <main id="main">
      <div className="px-4 pt-6 sm:px-6">
        <Link to={paths.home} className="mx-auto block max-w-2xl font-semibold tracking-tight">
          Docket
        </Link>
      </div>
      <RouteError />
    </main>
  )
}
