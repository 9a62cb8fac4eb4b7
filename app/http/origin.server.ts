import { RequestRefused } from './body.server'
import { requestOrigin } from './client-address.server'
import { house } from './desk.server'

/**
 * Remix checks the origin of document posts only, so each form action asks here: an unsafe request must come
 * from our own pages. `Sec-Fetch-Site` says so; where a browser sends none, `Origin` has to be ours.
 *
 * @throws {RequestRefused} 403
 */
export function assertSameOrigin(request: Request) {
  const site = request.headers.get('sec-fetch-site')
  const ours = site ? site === 'same-origin' : requestOrigin() === house().environment.APP_ORIGIN
  if (!ours) {
    throw new RequestRefused(403, 'This form was not sent from a page of this Docket, so nothing was done.')
  }
}
