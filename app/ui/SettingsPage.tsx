import type { ReactNode } from 'react'
import { paths } from '~/paths'
import { Place } from './Place'
import { Page, PageHeader } from './page'

const parts = [
  { to: paths.settings, label: 'Account' },
  { to: paths.settingsPreferences, label: 'Preferences' },
  { to: paths.settingsPassword, label: 'Password' },
  { to: paths.settingsTwoFactor, label: 'Two-factor' },
  { to: paths.settingsSessions, label: 'Sessions' },
  { to: paths.settingsTokens, label: 'API tokens' },
] as const

/** The frame of every page of settings: its parts across the top. */
export function SettingsPage({ children }: { children: ReactNode }) {
  return (
    <Page width="narrow">
      <PageHeader title="Settings" />
      <nav aria-label="Settings" className="flex flex-wrap gap-1 border-b border-line pb-2">
        {parts.map(({ to, label }) => (
          <Place key={to} to={to} end className="px-2.5 py-1">
            {label}
          </Place>
        ))}
      </nav>
      {children}
    </Page>
  )
}
