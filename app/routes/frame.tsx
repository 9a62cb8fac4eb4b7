import { Outlet, useLoaderData } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { FrameHeader } from '~/ui/FrameHeader'

/** Around every page for people who are signed in. It guards nothing: each page's loader does that itself. */
export const loader = pageLoader('user', ({ actor, session }) => ({
  user: { id: actor.id, name: actor.name, email: session.email, isAdmin: actor.role === 'ADMIN' },
}))

export default function Frame() {
  const { user } = useLoaderData<typeof loader>()
  return (
    <>
      <FrameHeader user={user} />
      <main id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
    </>
  )
}
