import { redirect } from '@remix-run/node'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'

export const loader = pageLoader('anyone', ({ session }) =>
  redirect(session ? paths.jobs() : paths.login(), 303),
)
