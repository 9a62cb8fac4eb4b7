import { useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { UserView } from '~/domain/accounts/view'
import { paths } from '~/paths'
import { ConfirmBox } from './ConfirmBox'
import { CurrentPassword } from './CurrentPassword'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { useReplyForm } from './reply-form'

export type UserVerbName = 'reset-link' | 'make-admin' | 'reset-2fa' | 'remove-admin' | 'disable' | 'enable'

const confirmedVerbs = ['reset-link', 'make-admin', 'reset-2fa', 'enable'] as const

type ConfirmedVerb = (typeof confirmedVerbs)[number]

/** Whether it gives somebody access, and so asks for the admin's password. */
export const isConfirmed = (verb: unknown): verb is ConfirmedVerb =>
  confirmedVerbs.some((each) => each === verb)

type ShownUser = Pick<UserView, 'email' | 'name' | 'role' | 'disabledAt' | 'twoFactorAt'>

function hasForm(verb: ConfirmedVerb, user: ShownUser): boolean {
  if (verb === 'make-admin') return user.role !== 'ADMIN'
  if (verb === 'reset-2fa') return user.twoFactorAt !== null
  return (user.disabledAt !== null) === (verb === 'enable')
}

/** Whether a refusal is shown at the form that was sent; else the page has to show it. */
export function isShownInForm({ reply }: Reply, user: ShownUser): boolean {
  const verb = reply.initialValue?.verb
  return isConfirmed(verb) && hasForm(verb, user)
}

interface UserActionsProps {
  user: ShownUser
  /** Whether it is the admin who looks: some things cost them this very page. */
  isSelf: boolean
  /** Why the last thing was not done. */
  reply: Reply | undefined
}

/** What an admin can do for, and to, an account. */
export function UserActions({ user, isSelf, reply }: UserActionsProps) {
  const replyTo = (verb: ConfirmedVerb) => (reply?.reply.initialValue?.verb === verb ? reply : undefined)
  const action = paths.user(user.email) + useLocation().search
  return (
    <ul className="divide-y divide-line">
      {hasForm('reset-link', user) && (
        <Action words="Forgot the password? A link sets a new one, once, within 24 hours.">
          <ConfirmBox label="Make a password link…" open={replyTo('reset-link') && true}>
            <p>Whoever has the link can sign in to this account. Enter your own password to make it.</p>
            <DoConfirmed action={action} verb="reset-link" reply={replyTo('reset-link')}>
              Make a password link
            </DoConfirmed>
          </ConfirmBox>
        </Action>
      )}
      {hasForm('reset-2fa', user) && !isSelf && (
        <Action words="Lost the authenticator app and the recovery codes? After a reset the password is enough.">
          <ConfirmBox label="Reset two-factor…" open={replyTo('reset-2fa') && true}>
            <p>
              Make sure the request really comes from them. They sign in with their password alone until they
              set it up again. Enter your own password to reset it.
            </p>
            <DoConfirmed action={action} verb="reset-2fa" reply={replyTo('reset-2fa')}>
              Reset two-factor authentication
            </DoConfirmed>
          </ConfirmBox>
        </Action>
      )}
      {!hasForm('make-admin', user) ? (
        <Action words="Admins see everyone’s jobs, run the agents and manage people.">
          <ConfirmBox label="Remove admin…">
            <p>
              {isSelf
                ? 'You will see your own jobs only, and can’t come back to this page by yourself.'
                : 'They will see their own jobs only.'}{' '}
              Invitations and password links that {isSelf ? 'you' : 'they'} made are void.
            </p>
            <Do action={action} verb="remove-admin" variant="danger">
              {isSelf ? 'Remove me from the admins' : 'Remove from the admins'}
            </Do>
          </ConfirmBox>
        </Action>
      ) : (
        <Action words="An ordinary user: sees and hands in their own jobs.">
          <ConfirmBox label="Make admin…" open={replyTo('make-admin') && true}>
            <p>
              An admin sees everyone’s jobs, and can run programs on this machine. Enter your own password to
              make one.
            </p>
            <DoConfirmed action={action} verb="make-admin" reply={replyTo('make-admin')}>
              Make an admin
            </DoConfirmed>
          </ConfirmBox>
        </Action>
      )}
      {hasForm('enable', user) ? (
        <Action words="Can’t sign in. Sessions and API tokens that ended stay ended.">
          <ConfirmBox label="Enable…" open={replyTo('enable') && true}>
            <p>They can sign in again. Enter your own password to enable the account.</p>
            <DoConfirmed action={action} verb="enable" reply={replyTo('enable')}>
              Enable the account
            </DoConfirmed>
          </ConfirmBox>
        </Action>
      ) : (
        <Action words="Shuts the account; its jobs stay and go on.">
          <ConfirmBox label="Disable…">
            <p>
              Sessions and API tokens end at once, and links to {isSelf ? 'you' : 'them'} or made by{' '}
              {isSelf ? 'you' : 'them'} are void.
              {isSelf && ' You are signed out, and another admin has to let you in again.'}
            </p>
            <Do action={action} verb="disable" variant="danger">
              {isSelf ? 'Disable my account' : 'Disable the account'}
            </Do>
          </ConfirmBox>
        </Action>
      )}
    </ul>
  )
}

function Action({ words, children }: { words: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <p className="min-w-0 flex-1 basis-56 text-ink-2">{words}</p>
      {children}
    </li>
  )
}

interface DoProps {
  action: string
  verb: UserVerbName
  variant?: 'danger'
  children: ReactNode
}

function Do({ action, verb, variant, children }: DoProps) {
  return (
    <PostForm action={action}>
      <SubmitButton size="small" variant={variant} name="verb" value={verb}>
        {children}
      </SubmitButton>
    </PostForm>
  )
}

interface DoConfirmedProps {
  action: string
  verb: ConfirmedVerb
  reply: Reply | undefined
  children: ReactNode
}

function DoConfirmed({ action, verb, reply, children }: DoConfirmedProps) {
  const [form, fields] = useReplyForm<{ currentPassword: string }>({ id: verb, reply })
  return (
    <PostForm form={form} action={action} className="flex flex-col items-start gap-3">
      <FormErrors form={form} />
      <CurrentPassword field={fields.currentPassword} />
      <SubmitButton size="small" name="verb" value={verb}>
        {children}
      </SubmitButton>
    </PostForm>
  )
}
