import type { Desk } from '~/domain/desk'
import { Invalid } from '~/domain/errors'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { listPlace } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { conditional, pageParameters } from './json-action.server'
import { presentList } from './present'

interface Asked {
  request: Request
  url: URL
  desk: Desk
  actor: UserActor
}

/** A page of jobs as JSON, by the parameters of its address. @throws {Invalid} by parameter */
export async function jobListAnswer(
  { request, url, desk, actor }: Asked,
  scope: ListScope,
): Promise<Response> {
  const { cursor: _, ...question } = listPlace(url.searchParams)
  const page = pageParameters(url)
  const { filter, sort, errors } = await readJobFilter(desk, actor, scope, question)
  if (Object.keys(errors).length > 0) throw new Invalid(errors)
  return conditional(request, async () =>
    presentList(await listJobs(desk, actor, { scope, filter, sort, ...page })),
  )
}
