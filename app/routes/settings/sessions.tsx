import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { endOtherSessions, endSession, listSessions } from '~/domain/accounts/sessions.server'
import { signedOutHeaders } from '~/http/auth.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { endingLook, useEnding } from '~/ui/coming-end'
import { deviceText } from '~/ui/device'
import { PostForm, SubmitButton } from '~/ui/forms'
import { Section } from '~/ui/page'
import { SettingsPage } from '~/ui/SettingsPage'
import { Time } from '~/ui/time'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Sessions · Docket' }]

export const loader = pageLoader('user', async ({ desk, actor, session }) => ({
  sessions: await listSessions(desk, actor),
  current: session.sessionId,
}))

const endInput = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('end'), id: z.string() }),
  z.object({ intent: z.literal('end-others') }),
])

export const action = formAction('user', endInput, async ({ desk, actor, session, value }) => {
  if (value.intent === 'end-others') await endOtherSessions(desk, actor, session.sessionId)
  else {
    await endSession(desk, actor, value.id)
    if (value.id === session.sessionId) {
      return seeOther(paths.login(undefined, 'signed-out'), await signedOutHeaders())
    }
  }
  return seeOther(paths.settingsSessions)
})

export default function Sessions() {
  const { sessions, current } = useLoaderData<typeof loader>()
  const ending = useEnding(paths.settingsSessions, 'end')
  const areOthersEnding = useEnding(paths.settingsSessions, 'end-others') !== null
  const isEnding = (id: string) => id === ending || (areOthersEnding && id !== current)
  const endOthers = sessions.length > 1 && (
    <PostForm>
      <SubmitButton variant="secondary" size="small" name="intent" value="end-others">
        End all others
      </SubmitButton>
    </PostForm>
  )
  return (
    <SettingsPage>
      <Section
        title="Sessions"
        description="Where you are signed in. A session ends by itself after 30 days."
        actions={endOthers}
        flush
      >
        <ul className="divide-y divide-line">
          {sessions.map((session) => (
            <li
              key={session.id}
              aria-busy={isEnding(session.id) || undefined}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3"
            >
              <div className={`min-w-0 ${isEnding(session.id) ? endingLook : ''}`}>
                <p className="font-medium wrap-anywhere">
                  {deviceText(session.userAgent)}
                  {session.id === current && <span className="font-normal text-good"> · this browser</span>}
                </p>
                <p className="text-xs text-ink-2">
                  {session.address ?? 'unknown address'} · signed in <Time at={session.createdAt} /> · seen{' '}
                  {session.id === current ? 'now' : <Time at={session.lastSeenAt} />}
                </p>
              </div>
              <PostForm>
                <input type="hidden" name="id" value={session.id} />
                <SubmitButton
                  variant="secondary"
                  size="small"
                  name="intent"
                  value="end"
                  aria-label={`End the session of ${deviceText(session.userAgent)}${session.id === current ? ', this browser' : ''}`}
                >
                  {session.id === current ? 'Sign out' : 'End'}
                </SubmitButton>
              </PostForm>
            </li>
          ))}
        </ul>
      </Section>
    </SettingsPage>
  )
}
