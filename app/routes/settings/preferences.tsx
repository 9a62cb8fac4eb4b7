import { isDeepStrictEqual } from 'node:util'
import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { saveSettings } from '~/domain/accounts/settings.server'
import { settingsForm } from '~/domain/accounts/settings-input'
import { timeZones } from '~/domain/zones/names'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { PreferencesForm } from '~/ui/PreferencesForm'
import { SettingsPage } from '~/ui/SettingsPage'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Preferences · Docket' }]

export const loader = pageLoader('user', ({ session, url }) => ({
  settings: session.settings,
  timeZones,
  isSaved: url.searchParams.has('saved'),
}))

export const action = formAction('user', settingsForm, async ({ desk, actor, session, value }) => {
  const after = await saveSettings(desk, actor, value)
  return seeSaved(`${paths.settingsPreferences}?saved`, !isDeepStrictEqual(after, session.settings))
})

export default function Preferences() {
  return (
    <SettingsPage>
      <PreferencesForm {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
    </SettingsPage>
  )
}
