import { Link, useLocation } from '@remix-run/react'
import type { UserView } from '~/domain/accounts/view'
import type { AuditView } from '~/domain/audit-view'
import { paths, usersPlace } from '~/paths'
import { AuditList } from './AuditList'
import { BackToUsers } from './BackToUsers'
import { Notice } from './Notice'
import { Name } from './name'
import { Properties, Property, Section } from './page'
import type { Reply } from './reply-form'
import { SecretBox } from './SecretBox'
import { Time } from './time'
import { isShownInForm, UserActions } from './UserActions'
import { UserBadges } from './UserBadges'

interface UserDetailProps {
  user: UserView
  isSelf: boolean
  /** Their newest rows of the audit, and those about them. */
  did: AuditView[]
  done: AuditView[]
  /** A password link that was just made; shown this one time. */
  made: { link: string; expiresAt: number } | undefined
  /** Why the last thing was not done. */
  reply: Reply | undefined
}

/** One person: who they are, what an admin can do, and what is on the record. */
export function UserDetail({ user, isSelf, did, done, made, reply }: UserDetailProps) {
  const at = usersPlace(useLocation().search)
  const refusal = reply && !isShownInForm(reply, user) ? Object.values(reply.reply.error ?? {}).flat() : []
  return (
    <>
      <BackToUsers />
      {refusal.length > 0 && (
        <Notice tone="danger" role="alert">
          {refusal.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
      {made && (
        <Notice tone="good" role="status" title={`A link for ${user.email}`}>
          <p>
            Hand it over yourself: Docket sends no mail. It sets a new password once, until{' '}
            <Time at={made.expiresAt} exact />. It is not shown again.
          </p>
          <SecretBox label="Link" value={made.link} />
        </Notice>
      )}
      <Section
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Name className="wrap-anywhere">{user.name}</Name>
            <UserBadges user={user} />
            {isSelf && <span className="text-xs font-normal text-ink-2">this is you</span>}
          </span>
        }
      >
        <Properties>
          <Property name="Email">{user.email}</Property>
          <Property name="Since">
            <Time at={user.createdAt} />
          </Property>
          {user.disabledAt !== null && (
            <Property name="Disabled">
              <Time at={user.disabledAt} />
            </Property>
          )}
          <Property name="Two-factor">
            {user.twoFactorAt === null ? (
              'Off'
            ) : (
              <>
                On since <Time at={user.twoFactorAt} />
              </>
            )}
          </Property>
          <Property name="Jobs">
            <Link to={paths.desk({ owner: user.id })} className="text-accent underline">
              {isSelf ? 'Your jobs' : 'Their jobs'}
            </Link>
          </Property>
          <Property name="API tokens">
            <Link to={paths.userTokens(user.email, at)} className="text-accent underline">
              {isSelf ? 'Your tokens' : 'Their tokens'}
            </Link>
          </Property>
        </Properties>
      </Section>
      <Section title="What you can do" flush>
        <UserActions
          key={`${user.role} ${user.disabledAt} ${user.twoFactorAt} ${made?.link}`}
          user={user}
          isSelf={isSelf}
          reply={reply}
        />
      </Section>
      <OnRecord title="What they did" entries={did} all={paths.auditOf({ actor: user.email })} />
      <OnRecord
        title="What was done to this account"
        entries={done}
        all={paths.auditOf({ subject: user.id })}
      />
    </>
  )
}

function OnRecord({ title, entries, all }: { title: string; entries: AuditView[]; all: string }) {
  if (entries.length === 0) return null
  const more = (
    <Link to={all} className="text-xs text-accent underline" aria-label={`${title}: all of it`}>
      All of it
    </Link>
  )
  return (
    <Section title={title} actions={more} flush>
      <AuditList entries={entries} />
    </Section>
  )
}
