import type { TokenView } from '~/domain/accounts/view'
import { ConfirmBox } from './ConfirmBox'
import { endingLook, useEnding } from './coming-end'
import { EmptyState } from './EmptyState'
import { PostForm, SubmitButton } from './forms'
import { Name, plainName } from './name'
import { scopesText } from './ScopeFields'
import { Time } from './time'

interface TokenListProps {
  tokens: TokenView[]
  now: number
  /** Where revoking is posted to: the owner's settings, or the account's page for admins. */
  action: string
  empty?: string
}

/** A user's tokens; expired ones say so. */
export function TokenList({
  tokens,
  now,
  action,
  empty = 'Make one above for each script, so that each can be revoked alone.',
}: TokenListProps) {
  const ending = useEnding(action, 'revoke')
  if (tokens.length === 0) {
    return <EmptyState title="No tokens">{empty}</EmptyState>
  }
  return (
    <ul className="divide-y divide-line">
      {tokens.map((token) => (
        <li
          key={token.id}
          aria-busy={ending === token.id || undefined}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3"
        >
          <div className={`min-w-0 ${ending === token.id ? endingLook : ''}`}>
            <p className="font-medium wrap-anywhere">
              <Name>{token.name}</Name>{' '}
              <code className="font-mono text-xs font-normal text-ink-2">{token.hint}…</code>
            </p>
            <p className="text-xs text-ink-2">
              made <Time at={token.createdAt} /> ·{' '}
              {token.lastUsedAt === null ? (
                'never used'
              ) : (
                <>
                  used <Time at={token.lastUsedAt} />
                </>
              )}{' '}
              ·{' '}
              {token.expiresAt <= now ? (
                <span className="text-danger">
                  expired <Time at={token.expiresAt} />
                </span>
              ) : (
                <>
                  expires <Time at={token.expiresAt} />
                </>
              )}{' '}
              · may {scopesText(token.scopes)}
            </p>
          </div>
          {token.expiresAt <= now ? (
            <Revoke token={token} action={action} variant="secondary" />
          ) : (
            <ConfirmBox label="Revoke…" name={`Revoke ${plainName(token.name)}…`}>
              <p>Scripts that use it are refused from their next request on. There is no way back.</p>
              <Revoke token={token} action={action} variant="danger" />
            </ConfirmBox>
          )}
        </li>
      ))}
    </ul>
  )
}

interface RevokeProps {
  token: TokenView
  action: string
  variant: 'secondary' | 'danger'
}

function Revoke({ token, action, variant }: RevokeProps) {
  return (
    <PostForm action={action}>
      <input type="hidden" name="id" value={token.id} />
      <SubmitButton
        variant={variant}
        size="small"
        name="intent"
        value="revoke"
        aria-label={`Revoke ${plainName(token.name)}`}
      >
        Revoke
      </SubmitButton>
    </PostForm>
  )
}
