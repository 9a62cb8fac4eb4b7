import './styles.css'
import type { LinksFunction, MetaFunction } from '@remix-run/node'
import { Links, Meta, Outlet, Scripts, useRouteLoaderData } from '@remix-run/react'
import type { ReactNode } from 'react'
import { pageLoader } from '~/http/page.server'
import { ServerNow } from '~/ui/clock'
import { useNonce } from '~/ui/nonce'
import { pageTitle } from '~/ui/page-title'
import { RootError } from '~/ui/RouteError'
import { SteadyScroll } from '~/ui/SteadyScroll'
import { defaultSettings, SettingsContext } from '~/ui/settings'

export const loader = pageLoader('anyone', ({ desk, session }) => ({
  now: desk.now(),
  settings: session?.settings ?? defaultSettings,
}))

export const meta: MetaFunction = ({ error }) => [{ title: error ? pageTitle() : 'Docket' }]

export const links: LinksFunction = () => [{ rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }]

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const { theme, density } = useRouteLoaderData<typeof loader>('root')?.settings ?? defaultSettings
  return (
    <html lang="en" data-theme={theme} data-density={density}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
        <Links />
        {/* after the links: a page's own icon comes last and so is the one that is shown */}
        <Meta />
      </head>
      <body>
        <a
          href="#main"
          className="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-20"
        >
          Skip to content
        </a>
        {children}
        <SteadyScroll nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function Root() {
  const data = useRouteLoaderData<typeof loader>('root')
  return (
    <ServerNow.Provider value={data?.now ?? 0}>
      <SettingsContext.Provider value={data?.settings ?? defaultSettings}>
        <Outlet />
      </SettingsContext.Provider>
    </ServerNow.Provider>
  )
}

export function ErrorBoundary() {
  return <RootError />
}
