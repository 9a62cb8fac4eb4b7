import { RequestRefused } from './body.server'
import { requestOrigin } from './client-address.server'
import { house } from './desk.server'

/**
 * Remix checks the origin of document posts only, so each form action asks here: an unsafe request must come
 * from our own pages. `Sec-Fetch-Site` says so, and `Origin`, if there is one, must be ours as well.
 *
 * @throws {RequestRefused} 403
 */
export function assertSameOrigin(request: Request) {
  const site = request.headers.get('sec-fetch-site')
  const origin = requestOrigin()
  const isOurs =
    origin === null
      ? site === 'same-origin'
      : isOwnOrigin(origin, request) && (!site || site === 'same-origin')
  if (!isOurs) {
    throw new RequestRefused(403, 'This form was not sent from a page of this Docket, so nothing was done.')
  }
}

/**
 * APP_ORIGIN, or the origin of another name that this Docket is opened under: `localhost`, an address, or one of
 * ALLOWED_HOSTS (`request-gate.server.ts` has refused all others).
 */
function isOwnOrigin(origin: string, request: Request): boolean {
  const app = new URL(house().environment.APP_ORIGIN)
  if (origin === app.origin) return true
  const { host } = new URL(request.url)
  return host !== app.host && URL.canParse(origin) && new URL(origin).host === host
}
