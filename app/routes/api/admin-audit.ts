import { listAudit } from '~/domain/audit-queries.server'
import { auditFilter } from '~/http/audit-filter.server'
import { json, method, pageParameters, resource } from '~/http/json-action.server'
import { presentAudit, presentPage } from '~/http/present'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk, url, timeZone }) {
      const page = await listAudit(desk, actor, { ...auditFilter(url, timeZone), ...pageParameters(url) })
      return json(presentPage(page, presentAudit))
    },
  }),
})
export const loader = door.loader
export const action = door.action
