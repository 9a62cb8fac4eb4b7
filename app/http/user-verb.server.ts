import type { UserView } from '~/domain/accounts/view'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import { json, method, resource } from './json-action.server'
import { presentUser } from './present'

type Verb = (desk: Desk, actor: UserActor, email: string) => Promise<UserView>

/** The JSON door of what admins do to an account: POST, answered 200 with the account as it is after. */
export const userVerbDoor = (verb: Verb) =>
  resource({
    POST: method({
      rule: 'admin',
      async handle({ actor, desk, params }) {
        return json(presentUser(await verb(desk, actor, params.email as string)))
      },
    }),
  })
