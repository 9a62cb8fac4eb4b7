import type { InvitationView } from '~/domain/accounts/view'
import { paths } from '~/paths'
import { ConfirmBox } from './ConfirmBox'
import { endingLook, useEnding } from './coming-end'
import { EmptyState } from './EmptyState'
import { PostForm, SubmitButton } from './forms'
import { Name } from './name'
import { Time } from './time'

/** Invitations that nobody has used yet, each to be withdrawn. */
export function InvitationList({ invitations }: { invitations: InvitationView[] }) {
  const ending = useEnding(paths.invitations(), 'withdraw')
  if (invitations.length === 0) {
    return <EmptyState title="No open invitations">Each is good for one account, for 7 days.</EmptyState>
  }
  return (
    <ul className="divide-y divide-line">
      {invitations.map(({ id, email, role, byName, createdAt, expiresAt }) => (
        <li
          key={id}
          aria-busy={ending === id || undefined}
          className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3"
        >
          <div className={`min-w-0 ${ending === id ? endingLook : ''}`}>
            <p className="font-medium wrap-anywhere">
              {email}
              {role === 'ADMIN' && <span className="font-normal text-accent"> · as an admin</span>}
            </p>
            <p className="text-xs text-ink-2">
              {byName && (
                <>
                  by <Name>{byName}</Name>,{' '}
                </>
              )}
              <Time at={createdAt} /> · ends <Time at={expiresAt} />
            </p>
          </div>
          <ConfirmBox label="Withdraw…" name={`Withdraw the invitation of ${email}…`}>
            <p>Its link is void at once.</p>
            <PostForm>
              <input type="hidden" name="id" value={id} />
              <SubmitButton size="small" variant="danger" name="intent" value="withdraw">
                Withdraw it
              </SubmitButton>
            </PostForm>
          </ConfirmBox>
        </li>
      ))}
    </ul>
  )
}
