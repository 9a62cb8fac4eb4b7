import { templateChangeInput, templateVerbInput } from '~/domain/templates/input'
import { findTemplate } from '~/domain/templates/queries.server'
import { editTemplate, removeTemplate } from '~/domain/templates/save.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentTemplate } from '~/http/present-templates'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk, params }) {
      return json(presentTemplate(await findTemplate(desk, actor, params.id as string)))
    },
  }),
  PATCH: method({
    rule: 'user',
    body: templateChangeInput,
    async handle({ actor, desk, params, value }) {
      return json(presentTemplate(await editTemplate(desk, actor, params.id as string, value)))
    },
  }),
  DELETE: method({
    rule: 'user',
    body: templateVerbInput,
    async handle({ actor, desk, params, value }) {
      await removeTemplate(desk, actor, params.id as string, value)
      return new Response(null, { status: 204 })
    },
  }),
})
export const loader = door.loader
export const action = door.action
