import './styles.css'
import type { LinksFunction, MetaFunction } from '@remix-run/node'
import { Links, Meta, Outlet, Scripts, useLocation, useRouteLoaderData } from '@remix-run/react'
import type { ReactNode } from 'react'
import { house } from '~/http/desk.server'
import { pageLoader } from '~/http/page.server'
import { ServerNow, useServerClock } from '~/ui/clock'
import { useNonce } from '~/ui/nonce'
import { pageTitle } from '~/ui/page-title'
import { RootError } from '~/ui/RouteError'
import { SteadyScroll } from '~/ui/SteadyScroll'
import { defaultSettings, SettingsContext } from '~/ui/settings'
import { exactText } from '~/ui/time'

export const loader = pageLoader('anyone', ({ desk, session }) => ({
  now: desk.now(),
  origin: house().environment.APP_ORIGIN,
  settings: session?.settings ?? defaultSettings,
}))

export const meta: MetaFunction = ({ error }) => [{ title: error ? pageTitle() : 'Docket' }]

export const links: LinksFunction = () => [{ rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }]

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const root = useRouteLoaderData<typeof loader>('root')
  const { theme, density, timeZone } = root?.settings ?? defaultSettings
  const { pathname, search } = useLocation()
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
        {/* paper does not say by itself where it is from */}
        {root && (
          <p className="hidden text-xs text-ink-2 print:block">
            {`${root.origin}${pathname}${search}, as of ${exactText(root.now, timeZone)}`}
          </p>
        )}
        {children}
        <SteadyScroll nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function Root() {
  const data = useRouteLoaderData<typeof loader>('root')
  useServerClock(data?.now ?? 0)
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
