import { NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { paths } from '~/paths'
import { Page, PageHeader } from './page'

const parts = [
  { to: paths.settings, label: 'Account' },
  { to: paths.settingsPreferences, label: 'Preferences' },
  { to: paths.settingsPassword, label: 'Password' },
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
          <NavLink
            key={to}
            to={to}
            end
            className={({ isActive }) =>
              `rounded-md px-2.5 py-1 ${isActive ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink'}`
            }
          >
            {label}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  )
}
