import { Authenticator } from 'remix-auth'
import { FormStrategy } from 'remix-auth-form'
import { normalEmail } from '~/domain/accounts/input'
import { signIn } from '~/domain/accounts/sign-in.server'
import type { StartedSession } from '~/domain/accounts/view'
import { newcomer } from './auth.server'
import { house } from './desk.server'

/** The ways to sign in, by remix-auth: so far a form with `email` and `password`. */
const authenticator = new Authenticator<StartedSession>().use(
  new FormStrategy(async ({ form, request }) => {
    const credentials = {
      email: normalEmail(String(form.get('email') ?? '')),
      password: String(form.get('password') ?? ''),
    }
    return signIn(house().desk, credentials, await newcomer(request))
  }),
  'form',
)

/**
 * @param form the body of `request`, which was read under our limit already: the strategy reads it once more
 * @throws {Invalid | Throttled} as signIn
 */
export function authenticateForm(request: Request, form: FormData): Promise<StartedSession> {
  const headers = new Headers(request.headers)
  for (const name of ['content-type', 'content-length']) headers.delete(name)
  return authenticator.authenticate('form', new Request(request.url, { method: 'POST', body: form, headers }))
}
