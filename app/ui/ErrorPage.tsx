import { isRouteErrorResponse, Link, useRouteError } from '@remix-run/react'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { CircleAlert } from './icons'
import { Page } from './page'

const titles: Record<number, string> = {
  400: 'That request made no sense',
  401: 'Sign in first',
  403: 'That is not allowed',
  404: 'There is nothing here',
  405: 'That is not how this page is used',
  409: 'Something changed in the meantime',
  413: 'That was too big',
  422: 'Some of that was not right',
  429: 'Too many tries',
  503: 'Docket cannot answer just now',
}

interface Told {
  status: number
  message?: string
  /** Under which the server's log has it. */
  reference?: string
}

/** What our own answers say about themselves: `{ message, reference }`. Anything else is Remix's, for developers. */
function told(error: unknown): Told {
  if (!isRouteErrorResponse(error)) return { status: 500 }
  const { status, data } = error as { status: number; data: unknown }
  if (typeof data !== 'object' || data === null) return { status }
  const { message, reference } = data as { message?: unknown; reference?: unknown }
  return {
    status,
    message: typeof message === 'string' ? message : undefined,
    reference: typeof reference === 'string' ? reference : undefined,
  }
}

const sentences: Record<number, string> = {
  400: 'Go back, reload the page and try once more.',
  401: 'This page is for people who are signed in.',
  403: 'Your account may not do this.',
  404: 'This page does not exist, or it is not yours.',
  405: 'Nothing can be sent to this address. Go back and use the form on its own page.',
  409: 'Go back and reload the page: it shows how things are now.',
  413: 'Send less at once.',
  422: 'Go back and look it over.',
  429: 'Wait a little, then try again.',
  503: 'Nothing was changed. Try again in a moment.',
}

const usual = (status: number) =>
  sentences[status] ??
  (status >= 500
    ? 'Something went wrong on our side. Your work before this is safe; try again in a moment.'
    : 'Go back, reload the page and try once more.')

export function ErrorPage({ status, message, reference }: Told) {
  return (
    <Page width="narrow">
      <div className="flex flex-col items-center gap-3 py-16 text-center">
        <CircleAlert aria-hidden className="size-8 text-ink-3" />
        <p className="font-mono text-xs text-ink-3">{status}</p>
        <h1 className="text-xl font-semibold tracking-tight">{titles[status] ?? 'Something went wrong'}</h1>
        <p className="max-w-prose text-ink-2">{message ?? usual(status)}</p>
        {reference && (
          <p className="text-ink-2">
            Tell whoever runs Docket this reference:{' '}
            <code className="font-mono text-ink select-all">{reference}</code>
          </p>
        )}
        <div className="mt-2 flex flex-wrap justify-center gap-2">
          <LinkButton to={paths.jobs()} variant="primary">
            Go to your jobs
          </LinkButton>
          <LinkButton to={paths.search()}>Search</LinkButton>
        </div>
      </div>
    </Page>
  )
}

/** A route's ErrorBoundary: the frame around it stays. */
export function RouteError() {
  return <ErrorPage {...told(useRouteError())} />
}

/** The last resort, where not even the frame could be shown. */
export function RootError() {
  return (
    <main id="main">
      <div className="px-4 pt-6 sm:px-6">
        <Link to={paths.home} className="mx-auto block max-w-2xl font-semibold tracking-tight">
          Docket
        </Link>
      </div>
      <RouteError />
    </main>
  )
}
