import { useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { UserView } from '~/domain/accounts/view'
import { paths } from '~/paths'
import { ConfirmBox } from './ConfirmBox'
import { PostForm, SubmitButton } from './forms'

export type UserVerbName = 'reset-link' | 'make-admin' | 'remove-admin' | 'disable' | 'enable'

interface UserActionsProps {
  user: Pick<UserView, 'email' | 'name' | 'role' | 'disabledAt'>
  /** Whether it is the admin who looks: some things cost them this very page. */
  isSelf: boolean
}

/** What an admin can do for, and to, an account. */
export function UserActions({ user, isSelf }: UserActionsProps) {
  const isAdmin = user.role === 'ADMIN'
  const isDisabled = user.disabledAt !== null
  const action = paths.user(user.email) + useLocation().search
  return (
    <ul className="divide-y divide-line">
      {!isDisabled && (
        <Action words="Forgot the password? A link sets a new one, once, within 24 hours.">
          <Do action={action} verb="reset-link" variant="secondary">
            Make a password link
          </Do>
        </Action>
      )}
      {isAdmin ? (
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
          <ConfirmBox label="Make admin…">
            <p>An admin sees everyone’s jobs, and can run programs on this machine.</p>
            <Do action={action} verb="make-admin">
              Make an admin
            </Do>
          </ConfirmBox>
        </Action>
      )}
      {isDisabled ? (
        <Action words="Can’t sign in. Sessions and API tokens that ended stay ended.">
          <Do action={action} verb="enable" variant="secondary">
            Enable
          </Do>
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
  variant?: 'primary' | 'secondary' | 'danger'
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
