import { data, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { makeAdmin, removeAdmin } from '~/domain/accounts/admins.server'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { disableUser, enableUser } from '~/domain/accounts/disable.server'
import { currentPassword } from '~/domain/accounts/input'
import { passwordResetLink } from '~/domain/accounts/reset-password.server'
import { findUser } from '~/domain/accounts/users.server'
import { listAudit } from '~/domain/audit-queries.server'
import { resetTwoFactor } from '~/domain/two-factor/disable.server'
import { house } from '~/http/desk.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths, usersPlace } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'
import { isConfirmed } from '~/ui/UserActions'
import { UserDetail } from '~/ui/UserDetail'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, params }) => {
  const user = await findUser(desk, actor, params.email as string)
  const [did, done] = await Promise.all([
    listAudit(desk, actor, { actor: user.id, limit: 8 }),
    listAudit(desk, actor, { subject: user.id, limit: 8 }),
  ])
  return { user, did: did.rows, done: done.rows, isSelf: user.id === actor.id }
})

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && `${plainName(loaded.user.name)} · Users`) },
]

const verbs = {
  'make-admin': makeAdmin,
  'remove-admin': removeAdmin,
  'reset-2fa': resetTwoFactor,
  disable: disableUser,
  enable: enableUser,
} as const

const verbInput = z.object({
  verb: z.enum(['reset-link', 'make-admin', 'remove-admin', 'reset-2fa', 'disable', 'enable']),
  currentPassword,
})

/** A password link is shown in the answer itself, this one time. */
export const action = formAction(
  'admin',
  verbInput,
  async ({ desk, actor: admin, params, url, value: { verb, currentPassword } }) => {
    const email = params.email as string
    const actor = isConfirmed(verb) ? await confirmPassword(desk, admin, currentPassword) : admin
    if (verb === 'reset-link') {
      const made = await passwordResetLink(desk, actor, email, house().environment.APP_ORIGIN)
      return data({ made }, { status: 201 })
    }
    const user = await verbs[verb](desk, actor, email)
    // whoever gave up being an admin has no such page any more
    if (user.id === actor.id && user.role !== 'ADMIN') return seeOther(paths.jobs())
    return seeOther(paths.user(user.email, usersPlace(url.searchParams)))
  },
)

export default function User() {
  const answer = useAnswer<typeof action>()
  return (
    <UserDetail
      {...useLoaderData<typeof loader>()}
      made={answer && 'made' in answer ? answer.made : undefined}
      reply={answer && 'reply' in answer ? answer : undefined}
    />
  )
}
