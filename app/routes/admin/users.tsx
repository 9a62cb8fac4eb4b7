import { Form, Link, type MetaFunction, useLoaderData, useLocation, useOutlet } from '@remix-run/react'
import { listInvitations } from '~/domain/accounts/invite.server'
import { listUsers } from '~/domain/accounts/users.server'
import { house } from '~/http/desk.server'
import { pageLoader } from '~/http/page.server'
import { paths, usersPlace } from '~/paths'
import { buttonClass, LinkButton } from '~/ui/button'
import { EmptyState } from '~/ui/EmptyState'
import { Plus, SearchX } from '~/ui/icons'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { UserList } from '~/ui/UserList'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, url }) => {
  const search = url.searchParams.get('search')?.trim() ?? ''
  const [users, invitations] = await Promise.all([
    listUsers(desk, actor, { search, cursor: url.searchParams.get('cursor') }),
    listInvitations(desk, actor),
  ])
  return {
    users,
    search,
    invited: invitations.length,
    signUpOpen: house().environment.SIGNUP === 'open',
  }
})

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Users') },
]

/** The list, and beside it the person that was opened; on a phone that one takes the page. */
export default function Users() {
  const { users, search, invited, signUpOpen } = useLoaderData<typeof loader>()
  const opened = useOutlet()
  const at = usersPlace(useLocation().search)
  const page = (cursor: string | null) => cursor && paths.searchUsers({ ...at, cursor })
  return (
    <Page>
      <PageHeader
        title="Users"
        description={
          opened
            ? undefined
            : signUpOpen
              ? 'Whoever can open this Docket can sign up (SIGNUP is open). An invitation can also make an admin.'
              : 'People come by invitation: a link that you hand over yourself. Sign-up without one is closed.'
        }
        actions={
          <>
            {invited > 0 && (
              <Link to={paths.invitations(at)} className="text-xs text-accent underline">
                {invited === 1 ? '1 open invitation' : `${invited} open invitations`}
              </Link>
            )}
            <LinkButton to={paths.invitations(at)} size="small">
              <Plus aria-hidden />
              Invite someone
            </LinkButton>
          </>
        }
      />
      <div className={opened ? 'grid grid-cols-1 items-start gap-5 lg:grid-cols-[20rem_minmax(0,1fr)]' : ''}>
        <div className={`flex min-w-0 flex-col gap-3 ${opened ? 'max-lg:hidden' : ''}`}>
          <Search search={search} />
          <Card className="overflow-hidden">
            {users.rows.length > 0 ? (
              <UserList users={users.rows} at={at} />
            ) : (
              <EmptyState
                Icon={SearchX}
                title="No such address"
                actions={<LinkButton to={paths.users}>Show everyone</LinkButton>}
              />
            )}
          </Card>
          <Pager
            label="Pages of users"
            prev={page(users.prevCursor)}
            next={page(users.nextCursor)}
            prevLabel={search ? 'Back' : 'Newer'}
            nextLabel={search ? 'More' : 'Older'}
          />
        </div>
        {opened && <div className="flex min-w-0 flex-col gap-5">{opened}</div>}
      </div>
    </Page>
  )
}

function Search({ search }: { search: string }) {
  return (
    <Form action={paths.users} role="search" className="flex gap-2" key={search}>
      <input
        name="search"
        type="search"
        defaultValue={search}
        maxLength={254}
        autoComplete="off"
        autoCapitalize="none"
        aria-label="Email begins with"
        placeholder="Email begins with"
        className="control"
      />
      <button type="submit" className={buttonClass()}>
        Find
      </button>
    </Form>
  )
}
