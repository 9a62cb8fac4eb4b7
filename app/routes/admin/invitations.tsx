import { data, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { currentPassword, inviteInput } from '~/domain/accounts/input'
import { invite, listInvitations, withdrawInvitation } from '~/domain/accounts/invite.server'
import { house } from '~/http/desk.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths, usersPlace } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackToUsers } from '~/ui/BackToUsers'
import { CurrentPassword } from '~/ui/CurrentPassword'
import { FormErrors, PostForm, type Reply, Select, SubmitButton, TextField } from '~/ui/forms'
import { InvitationList } from '~/ui/InvitationList'
import { Notice } from '~/ui/Notice'
import { FormActions, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'
import { SecretBox } from '~/ui/SecretBox'
import { Time } from '~/ui/time'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Invitations') },
]

export const loader = pageLoader('admin', async ({ desk, actor, url }) => ({
  invitations: await listInvitations(desk, actor),
  withdrawn: url.searchParams.has('withdrawn'),
}))

const invitationInput = z.discriminatedUnion('intent', [
  inviteInput.extend({ intent: z.literal('invite'), currentPassword }),
  z.object({ intent: z.literal('withdraw'), id: z.string() }),
])

/** The link is shown in the answer itself, this one time. */
export const action = formAction('admin', invitationInput, async ({ desk, actor, url, value }) => {
  if (value.intent === 'withdraw') {
    await withdrawInvitation(desk, actor, value.id)
    return seeOther(paths.invitations(usersPlace(url.searchParams), { withdrawn: 'yes' }))
  }
  const inviter = value.role === 'ADMIN' ? await confirmPassword(desk, actor, value.currentPassword) : actor
  const { link, view } = await invite(desk, inviter, value, house().environment.APP_ORIGIN)
  return data({ made: { link, ...view } }, { status: 201 })
})

export default function Invitations() {
  const { invitations, withdrawn } = useLoaderData<typeof loader>()
  const answer = useAnswer<typeof action>()
  const made = answer && 'made' in answer ? answer.made : undefined
  return (
    <>
      <BackToUsers />
      {withdrawn && !answer && (
        <Notice tone="good" role="status">
          The invitation is withdrawn.
        </Notice>
      )}
      {made && (
        <Notice tone="good" role="status" title={`A link for ${made.email}`}>
          <p>
            Hand it over yourself: Docket sends no mail. It makes one account, until{' '}
            <Time at={made.expiresAt} exact />, and is not shown again.
          </p>
          <SecretBox label="Link" value={made.link} />
        </Notice>
      )}
      <Section
        title="Invite someone"
        description="The link makes an account for this address. An older one for the same address is void."
      >
        <InviteForm key={made?.id} reply={answer && 'reply' in answer ? answer : undefined} />
      </Section>
      <Section title="Open invitations" flush>
        <InvitationList invitations={invitations} />
      </Section>
    </>
  )
}

function InviteForm({ reply }: { reply: Reply | undefined }) {
  const [form, fields] = useReplyForm<{ email: string; role: string; currentPassword: string }>({
    id: 'invite',
    reply,
    defaultValue: { role: 'USER' },
  })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      <TextField field={fields.email} label="Email" type="email" maxLength={254} autoComplete="off" />
      <Select
        field={fields.role}
        label="As"
        description="Users hand in jobs and see their own; admins oversee all jobs, agents and people."
      >
        <option value="USER">User</option>
        <option value="ADMIN">Admin</option>
      </Select>
      <CurrentPassword field={fields.currentPassword} description="Only to invite an admin." optional />
      <FormActions>
        <SubmitButton name="intent" value="invite" pendingLabel="Inviting…">
          Make a link
        </SubmitButton>
      </FormActions>
    </PostForm>
  )
}
