import { isRouteErrorResponse, useLocation } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { CircleAlert } from './icons'
import { Page } from './page'

const titles: Record<number, string> = {
  0: 'You are offline',
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
  /** 0: no answer came. */
  status: number
  message?: string
  /** Under which the server's log has it. */
  reference?: string
}

const isOffline = () => typeof navigator !== 'undefined' && navigator.onLine === false

/** What our own answers say about themselves: `{ message, reference }`. Anything else is Remix's, for developers. */
function told(error: unknown): Told {
  // a browser's fetch fails so
  if (!isRouteErrorResponse(error)) return { status: error instanceof TypeError && isOffline() ? 0 : 500 }
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
  0: 'Nothing can be sent or read just now. Try again when the line is back.',
  400: 'Go back, reload the page and try once more.',
  401: 'This page is for people who are signed in.',
  403: 'Your account may not do this.',
  404: 'This page does not exist, or it is not yours.',
  405: 'Nothing can be sent to this address. Go back and use the form on its own page.',
  409: 'Go back and reload the page: it shows how things are now.',
  413: 'Send less at once.',
  422: 'Go back and look it over.',
  429: 'Wait a little, then try again.',
  503: 'Try again in a moment.',
}

const usual = (status: number) =>
  sentences[status] ??
  (status >= 500
    ? 'Something went wrong on our side. Your work before this is safe; try again in a moment.'
    : 'Go back, reload the page and try once more.')

/** What another try may mend; the rest stays as it is. */
const mayPass = (status: number) => status === 0 || status === 409 || status === 429 || status >= 500

export function ErrorPage({ status, message, reference }: Told) {
  const { pathname, search } = useLocation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // what had the focus went with its page
    if (document.activeElement === document.body) title.current?.focus()
  }, [])
  return (
    <Page width="narrow">
      <div role="alert" className="flex flex-col items-center gap-3 py-16 text-center">
        <CircleAlert aria-hidden className="size-8 text-ink-3" />
        {status > 0 && <p className="font-mono text-xs text-ink-3">{status}</p>}
        <h1 ref={title} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
          {titles[status] ?? 'Something went wrong'}
        </h1>
        <p className="max-w-prose text-ink-2">{message ?? usual(status)}</p>
        {reference && (
          <p className="text-ink-2">
            Tell whoever runs Docket this reference:{' '}
            <code className="font-mono text-ink select-all">{reference}</code>
          </p>
        )}
        <div className="mt-2 flex flex-wrap justify-center gap-2">
          {mayPass(status) && (
            <LinkButton to={pathname + search} replace variant="primary">
              Try again
            </LinkButton>
          )}
          <LinkButton to={paths.jobs()} variant={mayPass(status) ? 'secondary' : 'primary'}>
            Go to your jobs
          </LinkButton>
          <LinkButton to={paths.search()}>Search</LinkButton>
        </div>
      </div>
    </Page>
  )
}

/** What went wrong, whatever it was. */
export default function RefusedPage({ error }: { error: unknown }) {
  return <ErrorPage {...told(error)} />
}
