import { newTokenInput } from '~/domain/accounts/input'
import { createToken, listTokens } from '~/domain/accounts/tokens.server'
import { Invalid } from '~/domain/errors'
import { basicCaller } from '~/http/basic.server'
import { readJson } from '~/http/body.server'
import { fieldErrorsOf, json, method, resource } from '~/http/json-action.server'
import { presentToken } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk }) {
      return json({ data: (await listTokens(desk, actor)).map(presentToken) })
    },
  }),
  // by email and password alone: no token makes another one
  POST: method({
    rule: 'anyone',
    async handle({ desk, request }) {
      // who asks comes before what is asked, and a code is used up only where nothing else is wrong
      const { passwordHash, confirmed } = await basicCaller(request)
      const parsed = newTokenInput.safeParse((await readJson(request)).value)
      if (!parsed.success) throw new Invalid(fieldErrorsOf(parsed.error))
      const { token, view } = await createToken(desk, await confirmed(), parsed.data, passwordHash)
      return json({ ...presentToken(view), token }, 201)
    },
  }),
})
export const loader = door.loader
export const action = door.action
