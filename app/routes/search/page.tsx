import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { type FieldErrors, Invalid } from '~/domain/errors'
import { search } from '~/domain/search/search.server'
import type { Found } from '~/domain/search/view'
import { pageLoader } from '~/http/page.server'
import { pageTitle } from '~/ui/page-title'
import { SearchPage } from '~/ui/SearchPage'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

const nothing: Found = { jobs: [], agents: [], hasMore: false }

export const loader = pageLoader('user', async ({ actor, desk, url, timeZone }) => {
  const q = url.searchParams.get('q')?.trim() ?? ''
  const viewer = { id: actor.id, isAdmin: actor.role === 'ADMIN' }
  const shown = (found: Found, errors: FieldErrors) => ({
    ...{ q, viewer, errors: Object.values(errors).flat() },
    agents: found.agents,
    hasMore: found.hasMore,
    jobs: found.jobs.map(({ id, name, status, userId, ownerName, createdAt }) => ({
      ...{ id, name, status, userId, ownerName, createdAt },
    })),
  })
  try {
    return data(shown(await search(desk, actor, q, timeZone), {}))
  } catch (error) {
    if (error instanceof Invalid) return data(shown(nothing, error.fields), 422)
    throw error
  }
})

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && (loaded.q ? `Search: ${loaded.q}` : 'Search')) },
]

export default function Search() {
  return <SearchPage {...useLoaderData<typeof loader>()} />
}
