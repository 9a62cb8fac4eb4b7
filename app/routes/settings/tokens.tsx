import { data, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { currentPassword, newTokenFormInput } from '~/domain/accounts/input'
import { defaultTokenDays, tokenDays } from '~/domain/accounts/limits'
import { createToken, listTokens, revokeToken } from '~/domain/accounts/tokens.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { CurrentPassword } from '~/ui/CurrentPassword'
import { FormErrors, PostForm, Select, SubmitButton, TextField } from '~/ui/forms'
import { Notice } from '~/ui/Notice'
import { plainName } from '~/ui/name'
import { FormActions, Section } from '~/ui/page'
import { useReplyForm } from '~/ui/reply-form'
import { ScopeFields } from '~/ui/ScopeFields'
import { SecretBox } from '~/ui/SecretBox'
import { SettingsPage } from '~/ui/SettingsPage'
import { TokenList } from '~/ui/TokenList'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'API tokens · Docket' }]

export const loader = pageLoader('user', async ({ desk, actor, url }) => ({
  tokens: await listTokens(desk, actor),
  isAdmin: actor.role === 'ADMIN',
  now: desk.now(),
  revoked: url.searchParams.has('revoked'),
}))

const tokenInput = z.discriminatedUnion('intent', [
  newTokenFormInput.extend({ intent: z.literal('create'), currentPassword }),
  z.object({ intent: z.literal('revoke'), id: z.string() }),
])

/** A new token is shown in the answer itself, this one time: a redirect would have to keep it somewhere. */
export const action = formAction('user', tokenInput, async ({ desk, actor, value }) => {
  if (value.intent === 'revoke') {
    await revokeToken(desk, actor, value.id)
    return seeOther(`${paths.settingsTokens}?revoked`)
  }
  const confirmed = await confirmPassword(desk, actor, value.currentPassword)
  const { token, view } = await createToken(desk, confirmed, value)
  return data({ made: { token, name: view.name } }, { status: 201 })
})

export default function Tokens() {
  const { tokens, isAdmin, now, revoked } = useLoaderData<typeof loader>()
  const answer = useAnswer<typeof action>()
  const made = answer && 'made' in answer ? answer.made : undefined
  return (
    <SettingsPage>
      {revoked && !answer && (
        <Notice tone="good" role="status">
          The token is revoked.
        </Notice>
      )}
      {made && (
        <Notice tone="good" role="status" title={`“${plainName(made.name)}” is made`}>
          <p>Copy the token now: it is not shown again.</p>
          <SecretBox label="Token" value={made.token} />
        </Notice>
      )}
      <Section
        title="New token"
        description="A token lets a script act as you. Send it as Authorization: Bearer <token>."
      >
        <NewToken
          key={made?.token}
          isAdmin={isAdmin}
          reply={answer && 'reply' in answer ? answer : undefined}
        />
      </Section>
      <Section title="Tokens" flush>
        <TokenList tokens={tokens} now={now} action={paths.settingsTokens} />
      </Section>
    </SettingsPage>
  )
}

interface NewTokenProps {
  isAdmin: boolean
  reply: Parameters<typeof useReplyForm>[0]['reply']
}

function NewToken({ isAdmin, reply }: NewTokenProps) {
  const [form, fields] = useReplyForm<{
    name: string
    expiresInDays: number
    scopes: string[]
    currentPassword: string
  }>({
    id: 'token',
    reply,
    defaultValue: { expiresInDays: defaultTokenDays, scopes: ['read', 'write'] },
  })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <TextField field={fields.name} label="Name" description="What it is for." maxLength={100} />
      <Select field={fields.expiresInDays} label="Expires after">
        {tokenDays.map((days) => (
          <option key={days} value={days}>
            {days} days
          </option>
        ))}
      </Select>
      <ScopeFields field={fields.scopes} isAdmin={isAdmin} />
      <CurrentPassword field={fields.currentPassword} />
      <FormActions>
        <SubmitButton name="intent" value="create" pendingLabel="Making…">
          Make token
        </SubmitButton>
      </FormActions>
    </PostForm>
  )
}
