import type { MetaFunction } from '@remix-run/node'
import { useLoaderData, useLocation } from '@remix-run/react'
import { z } from 'zod'
import { listTokensOf, revokeTokenOf } from '~/domain/accounts/tokens.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths, usersPlace } from '~/paths'
import { BackLink } from '~/ui/BackLink'
import { Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { TokenList } from '~/ui/TokenList'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, params }) => {
  const email = params.email as string
  return { email, tokens: await listTokensOf(desk, actor, email), now: desk.now() }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `API tokens of ${data.email}`) },
]

const revokeInput = z.object({ intent: z.literal('revoke'), id: z.string() })

export const action = formAction('admin', revokeInput, async ({ desk, actor, params, url, value }) => {
  const email = params.email as string
  await revokeTokenOf(desk, actor, email, value.id)
  return seeOther(paths.userTokens(email, usersPlace(url.searchParams)))
})

export default function UserTokens() {
  const { email, tokens, now } = useLoaderData<typeof loader>()
  const at = usersPlace(useLocation().search)
  return (
    <>
      <BackLink to={paths.user(email, at)}>{email}</BackLink>
      <Section title="API tokens" flush>
        <TokenList
          tokens={tokens}
          now={now}
          action={paths.userTokens(email, at)}
          empty="This account has no API tokens."
        />
      </Section>
    </>
  )
}
