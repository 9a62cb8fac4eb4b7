import { Invalid } from '~/domain/errors'
import { readDeskFilter } from '~/domain/jobs/desk-filter.server'
import { listJobs } from '~/domain/jobs/queries.server'
import { conditional, method, pageParameters, resource } from '~/http/json-action.server'
import { presentPage, presentSummary } from '~/http/present'
import { deskPlace } from '~/paths'

const door = resource({
  GET: method({
    rule: 'admin',
    async handle({ actor, desk, request, url }) {
      const { filter, errors } = await readDeskFilter(desk, actor, deskPlace(url.searchParams))
      if (Object.keys(errors).length > 0) throw new Invalid(errors)
      const query = { scope: 'all', ...filter, ...pageParameters(url) } as const
      return conditional(request, async () => presentPage(await listJobs(desk, actor, query), presentSummary))
    },
  }),
})
export const loader = door.loader
export const action = door.action
