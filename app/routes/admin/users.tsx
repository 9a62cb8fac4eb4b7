import { data, type MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { passwordResetLink } from '~/domain/accounts/reset-password.server'
import { listUsers, makeAdmin } from '~/domain/accounts/users.server'
import { house } from '~/http/desk.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { Notice } from '~/ui/Notice'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { SecretBox } from '~/ui/SecretBox'
import { exactText } from '~/ui/time'
import { UserList } from '~/ui/UserList'

export const meta: MetaFunction = () => [{ title: 'Users · Docket' }]

export const loader = pageLoader('admin', async ({ desk, actor, url }) => ({
  users: await listUsers(desk, actor, { cursor: url.searchParams.get('cursor') }),
  signUpOpen: house().environment.SIGNUP === 'open',
}))

const userInput = z.object({ intent: z.enum(['make-admin', 'reset-link']), email: z.string() })

/** A reset link is shown in the answer itself, this one time. */
export const action = formAction('admin', userInput, async ({ desk, actor, url, value }) => {
  if (value.intent === 'make-admin') {
    await makeAdmin(desk, actor, value.email)
    return seeOther(paths.users + url.search)
  }
  const made = await passwordResetLink(desk, actor, value.email, house().environment.APP_ORIGIN)
  return data({ reset: { ...made, email: value.email } }, { status: 201 })
})

export default function Users() {
  const { users, signUpOpen } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const reset = answer && 'reset' in answer ? answer.reset : undefined
  const refusal = answer && 'reply' in answer ? answer.reply.error?.['']?.join(' ') : undefined
  const page = (cursor: string | null) => cursor && `${paths.users}?cursor=${encodeURIComponent(cursor)}`
  return (
    <Page>
      <PageHeader
        title="Users"
        description={
          signUpOpen
            ? 'Everyone who can open this Docket can sign up (SIGNUP is open).'
            : 'Sign-up is closed: set SIGNUP=open and restart to let people make accounts.'
        }
      />
      {refusal && (
        <Notice tone="danger" role="alert">
          {refusal}
        </Notice>
      )}
      {reset && (
        <Notice tone="good" role="status" title={`A link for ${reset.email}`}>
          <p>
            Hand it over yourself: Docket sends no mail. It sets a new password once, until{' '}
            {exactText(reset.expiresAt)}. It is not shown again.
          </p>
          <SecretBox label="Link" value={reset.link} />
        </Notice>
      )}
      <Card>
        <UserList users={users.rows} />
      </Card>
      <Pager
        label="Pages of users"
        prev={page(users.prevCursor)}
        next={page(users.nextCursor)}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}
