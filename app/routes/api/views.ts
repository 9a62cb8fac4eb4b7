import { z } from 'zod'
import { Invalid } from '~/domain/errors'
import { newViewInput } from '~/domain/views/input'
import { listViews } from '~/domain/views/queries.server'
import { saveView } from '~/domain/views/save.server'
import { conditional, json, method, resource } from '~/http/json-action.server'
import { presentView } from '~/http/present-views'
import { viewQuery } from '~/http/view-query.server'
import { apiPaths } from '~/paths'
import { listScopes } from '~db/vocabulary'

const scopeParameter = z.enum(listScopes).nullable()

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, request, url }) {
      const asked = scopeParameter.safeParse(url.searchParams.get('scope'))
      if (!asked.success) throw new Invalid({ scope: [`scope is one of ${listScopes.join(', ')}.`] })
      const scopes = asked.data ? [asked.data] : listScopes.filter((scope) => maySee(actor.role, scope))
      return conditional(request, async () => {
        const views = await Promise.all(scopes.map((scope) => listViews(desk, actor, scope)))
        return { data: views.flat().map(presentView), nextCursor: null, prevCursor: null }
      })
    },
  }),
  POST: method({
    rule: 'user',
    body: newViewInput,
    async handle({ actor, desk, value }) {
      const view = await saveView(desk, actor, value, viewQuery(value.query))
      return json(presentView(view), 201, { Location: apiPaths.view(view.id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action

const maySee = (role: 'USER' | 'ADMIN', scope: 'own' | 'all') => scope === 'own' || role === 'ADMIN'
