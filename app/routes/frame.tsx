import { Outlet, useLoaderData } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { pageNotice } from '~/http/query-parameters'
import { FrameHeader } from '~/ui/FrameHeader'
import { LiveProvider } from '~/ui/live'
import { Notice } from '~/ui/Notice'
import { PageChange } from '~/ui/PageChange'
import { Page } from '~/ui/page'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

/** Around every page for people who are signed in. It guards nothing: each page's loader does that itself. */
export const loader = pageLoader('user', ({ actor, session, head, url }) => ({
  notice: pageNotice(url),
  user: { id: actor.id, name: actor.name, email: session.email, isAdmin: actor.role === 'ADMIN' },
  head,
}))

export default function Frame() {
  const { user, head, notice } = useLoaderData<typeof loader>()
  return (
    <LiveProvider userId={user.id} head={head}>
      <PageChange />
      <FrameHeader user={user} />
      <main id="main" tabIndex={-1} className="outline-none">
        {notice && (
          <Page>
            <Notice role="status">{notice}</Notice>
          </Page>
        )}
        <Outlet />
      </main>
    </LiveProvider>
  )
}
