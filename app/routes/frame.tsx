import { Outlet, useLoaderData } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { FrameHeader } from '~/ui/FrameHeader'
import { LiveProvider } from '~/ui/live'
import { PageChange } from '~/ui/PageChange'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

/** Around every page for people who are signed in. It guards nothing: each page's loader does that itself. */
export const loader = pageLoader('user', ({ actor, session, head }) => ({
  user: { id: actor.id, name: actor.name, email: session.email, isAdmin: actor.role === 'ADMIN' },
  head,
}))

export default function Frame() {
  const { user, head } = useLoaderData<typeof loader>()
  return (
    <LiveProvider userId={user.id} head={head}>
      <PageChange />
      <FrameHeader user={user} />
      <main id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
    </LiveProvider>
  )
}
