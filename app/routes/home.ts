import { redirect } from '@remix-run/node'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'

export const loader = pageLoader('anyone', ({ session }) =>
  redirect(session ? paths.jobs() : paths.login(), 303),
)

/** Nothing is sent to the front door. */
export const action = () =>
  new Response('Nothing can be sent here.\n', { status: 405, headers: { Allow: 'GET, HEAD' } })
