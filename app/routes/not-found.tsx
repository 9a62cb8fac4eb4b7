import { data, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { NotFound } from '~/domain/errors'
import { pageLoader } from '~/http/page.server'
import { ErrorPage } from '~/ui/ErrorPage'
import { FrameHeader } from '~/ui/FrameHeader'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

/** Every address that is no page. It can not stand in the frame, which sends strangers to sign in. */
export const loader = pageLoader('anyone', ({ actor, session }) => {
  if (!actor || !session) throw new NotFound()
  return data(
    { user: { id: actor.id, name: actor.name, email: session.email, isAdmin: actor.role === 'ADMIN' } },
    { status: 404 },
  )
})

export const meta: MetaFunction = () => [{ title: 'Not found · Docket' }]

/** For people who are signed in; to others the loader refuses. */
export default function NotFoundPage() {
  const { user } = useLoaderData<typeof loader>()
  return (
    <>
      <FrameHeader user={user} />
      <main id="main" tabIndex={-1} className="outline-none">
        <ErrorPage status={404} />
      </main>
    </>
  )
}
