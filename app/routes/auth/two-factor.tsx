import { data, type MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { code, currentPassword } from '~/domain/accounts/input'
import { enableTwoFactor, setUpOf, startSetUp } from '~/domain/two-factor/enable.server'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { formAction } from '~/http/form-action.server'
import { nextPath } from '~/http/next-path.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { pendingSetUpCookie, qrCode, readPendingSetUp, totpIssuer } from '~/http/two-factor.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { LinkButton } from '~/ui/button'
import { Notice } from '~/ui/Notice'
import { RecoveryCodes } from '~/ui/RecoveryCodes'
import { TwoFactorSetUp, TwoFactorStart } from '~/ui/TwoFactorSetUp'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Set up two-factor authentication · Docket' }]

/** Outside the frame: an admin who must come here first (REQUIRE_ADMIN_2FA) can go nowhere else. */
export const loader = pageLoader('signed-in', async ({ desk, actor, request, session, url }) => {
  const next = nextPath(url.searchParams.get('next'))
  const { enabledAt } = await twoFactorState(desk, actor)
  const { email, mustSetUpTwoFactor: isRequired } = session
  const sealed = enabledAt === null ? await readPendingSetUp(request) : null
  const setUp = sealed === null ? null : setUpOf(desk, actor, sealed, totpIssuer(), email)
  return {
    ...{ next, email, isRequired, isOn: enabledAt !== null },
    setUp: setUp && { ...setUp, qr: qrCode(setUp.uri) },
  }
})

const next = z.string().optional()
const setUpInput = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('start'), next }),
  z.object({ intent: z.literal('enable'), code, currentPassword }),
])

/** The recovery codes are shown in the answer itself, this one time. */
export const action = formAction(
  'signed-in',
  setUpInput,
  async ({ desk, actor, request, session, value }) => {
    if (value.intent === 'start') {
      const kept = { 'Set-Cookie': await pendingSetUpCookie(startSetUp(desk, actor)) }
      return seeOther(paths.setUpTwoFactor(nextPath(value.next) ?? undefined), kept)
    }
    const confirmed = await confirmPassword(desk, actor, value.currentPassword)
    const sealed = await readPendingSetUp(request)
    const { sessionId: keepSessionId } = session
    const codes = await enableTwoFactor(desk, confirmed, { sealed, code: value.code, keepSessionId })
    return data({ codes }, { status: 201, headers: { 'Set-Cookie': await pendingSetUpCookie(null) } })
  },
  { hide: ['code'] },
)

export default function TwoFactor() {
  const { next, email, isRequired, isOn, setUp } = useLoaderData<typeof loader>()
  const answer = useAnswer<typeof action>()
  const reply = answer && 'reply' in answer ? answer : undefined
  const below = (
    <>
      Signed in as {email}. <Link to={paths.logout}>Sign out</Link>
    </>
  )
  if (answer && 'codes' in answer) {
    return (
      <AuthLayout title="Two-factor authentication is on">
        <Notice tone="good" role="status">
          <p>From now on you sign in with your password and a code. Your other browsers are signed out.</p>
        </Notice>
        <RecoveryCodes codes={answer.codes} />
        <LinkButton to={next ?? paths.settingsTwoFactor} variant="primary" className="print:hidden">
          I have saved them
        </LinkButton>
      </AuthLayout>
    )
  }
  if (isOn) {
    return (
      <AuthLayout title="Two-factor authentication is on" below={below}>
        <LinkButton to={paths.settingsTwoFactor}>Recovery codes, and turning it off</LinkButton>
      </AuthLayout>
    )
  }
  return (
    <AuthLayout title="Set up two-factor authentication" below={below}>
      {isRequired && (
        <Notice title="Admins need it here">
          <p>Until it is set up, your account and its API tokens can do nothing else.</p>
        </Notice>
      )}
      {setUp ? (
        <TwoFactorSetUp {...setUp} email={email} next={next} reply={reply} />
      ) : (
        <TwoFactorStart next={next} reply={reply} />
      )}
    </AuthLayout>
  )
}
