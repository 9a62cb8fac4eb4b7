import type { MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { Name } from '~/ui/name'
import { Properties, Property, Section } from '~/ui/page'
import { SettingsPage } from '~/ui/SettingsPage'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Settings · Docket' }]

export const loader = pageLoader('user', ({ actor, session }) => ({
  name: actor.name,
  email: session.email,
  isAdmin: actor.role === 'ADMIN',
}))

export default function Account() {
  const { name, email, isAdmin } = useLoaderData<typeof loader>()
  return (
    <SettingsPage>
      <Section title="Account">
        <Properties>
          <Property name="Name">
            <Name>{name}</Name>
          </Property>
          <Property name="Email">{email}</Property>
          <Property name="Role">{isAdmin ? 'Admin: oversees all jobs and agents' : 'User'}</Property>
        </Properties>
      </Section>
      <Section title="More">
        <ul className="flex flex-col gap-2">
          <li>
            <Link to={paths.settingsPreferences}>
              Choose theme, density, time zone, notifications and keys
            </Link>
          </li>
          <li>
            <Link to={paths.settingsPassword}>Change your password</Link>
          </li>
          <li>
            <Link to={paths.settingsTwoFactor}>Use two-factor authentication</Link>
          </li>
          <li>
            <Link to={paths.settingsSessions}>See where you are signed in, and end sessions</Link>
          </li>
          <li>
            <Link to={paths.settingsTokens}>Make API tokens for scripts</Link>
          </li>
        </ul>
      </Section>
    </SettingsPage>
  )
}
