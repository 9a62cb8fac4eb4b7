import { newTemplateInput } from '~/domain/templates/input'
import { listTemplates } from '~/domain/templates/queries.server'
import { createTemplate } from '~/domain/templates/save.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentTemplate } from '~/http/present-templates'
import { apiPaths } from '~/paths'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ actor, desk }) {
      return json({ data: (await listTemplates(desk, actor)).map(presentTemplate) })
    },
  }),
  POST: method({
    rule: 'user',
    body: newTemplateInput,
    async handle({ actor, desk, value }) {
      const template = await createTemplate(desk, actor, value)
      return json(presentTemplate(template), 201, { Location: apiPaths.template(template.id) })
    },
  }),
})
export const loader = door.loader
export const action = door.action
