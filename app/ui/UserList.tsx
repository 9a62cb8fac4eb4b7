import type { UserView } from '~/domain/accounts/view'
import { ConfirmBox } from './ConfirmBox'
import { PostForm, SubmitButton } from './forms'
import { Time } from './time'

/** Everyone with an account, and what an admin can do for them. */
export function UserList({ users }: { users: UserView[] }) {
  return (
    <ul className="divide-y divide-line">
      {users.map((user) => (
        <li key={user.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere" dir="auto">
              {user.name}
              {user.role === 'ADMIN' && <span className="font-normal text-accent"> · admin</span>}
              {user.disabledAt !== null && <span className="font-normal text-danger"> · disabled</span>}
            </p>
            <p className="text-xs text-ink-2 wrap-anywhere">
              {user.email} · since <Time at={user.createdAt} />
            </p>
          </div>
          <div className="flex flex-wrap items-start justify-end gap-2">
            <PostForm>
              <input type="hidden" name="email" value={user.email} />
              <SubmitButton
                variant="secondary"
                size="small"
                name="intent"
                value="reset-link"
                aria-label={`Make a password link for ${user.email}`}
              >
                Password link
              </SubmitButton>
            </PostForm>
            {user.role !== 'ADMIN' && (
              <ConfirmBox label="Make admin…" name={`Make ${user.email} an admin…`}>
                <p>
                  An admin sees everyone's jobs and can run programs on this machine. There is no way back
                  here.
                </p>
                <PostForm>
                  <input type="hidden" name="email" value={user.email} />
                  <SubmitButton size="small" name="intent" value="make-admin">
                    Make {user.email} an admin
                  </SubmitButton>
                </PostForm>
              </ConfirmBox>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
