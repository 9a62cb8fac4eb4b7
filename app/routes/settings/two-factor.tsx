import { data, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { code, currentPassword } from '~/domain/accounts/input'
import { disableTwoFactor } from '~/domain/two-factor/disable.server'
import { replaceRecoveryCodes } from '~/domain/two-factor/enable.server'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Notice } from '~/ui/Notice'
import { Section } from '~/ui/page'
import { RecoveryCodes } from '~/ui/RecoveryCodes'
import { SettingsPage } from '~/ui/SettingsPage'
import { TwoFactorOff, TwoFactorOn } from '~/ui/TwoFactor'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Two-factor authentication · Docket' }]

export const loader = pageLoader('user', async ({ desk, actor, url }) => ({
  state: await twoFactorState(desk, actor),
  turnedOff: url.searchParams.has('off'),
}))

const twoFactorInput = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('new-codes'), code, currentPassword }),
  z.object({ intent: z.literal('disable'), code, currentPassword }),
])

/** New recovery codes are shown in the answer itself, this one time. */
export const action = formAction(
  'user',
  twoFactorInput,
  async ({ desk, actor, value }) => {
    const confirmed = await confirmPassword(desk, actor, value.currentPassword)
    if (value.intent === 'disable') {
      await disableTwoFactor(desk, confirmed, value.code)
      return seeOther(`${paths.settingsTwoFactor}?off`)
    }
    return data({ codes: await replaceRecoveryCodes(desk, confirmed, value.code) }, { status: 201 })
  },
  { hide: ['code'] },
)

export default function TwoFactor() {
  const { state, turnedOff } = useLoaderData<typeof loader>()
  const answer = useAnswer<typeof action>()
  const codes = answer && 'codes' in answer ? answer.codes : undefined
  const reply = answer && 'reply' in answer ? answer : undefined
  return (
    <SettingsPage>
      {turnedOff && state.enabledAt === null && (
        <Notice tone="good" role="status">
          Two-factor authentication is off. Your password is enough to sign in.
        </Notice>
      )}
      {codes && (
        <Section title="Your new recovery codes" description="The old ones no longer work.">
          <RecoveryCodes codes={codes} />
        </Section>
      )}
      {state.enabledAt === null ? (
        <TwoFactorOff />
      ) : (
        <TwoFactorOn key={codes?.[0]} {...state} enabledAt={state.enabledAt} reply={reply} />
      )}
    </SettingsPage>
  )
}
