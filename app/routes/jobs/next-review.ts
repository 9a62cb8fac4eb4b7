import { nextReview } from '~/domain/jobs/next-review.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'

const status = ['IN_REVIEW']

/** On to the next job under review or, where none other waits, to their list: one's own, or everyone's at the admins' desk. */
export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const asked = url.searchParams
  const scope = asked.get('scope') === 'all' ? 'all' : 'own'
  const way = asked.get('way') === 'previous' ? 'previous' : 'next'
  const id = await nextReview(desk, actor, { scope, way, after: asked.get('after') ?? '' })
  if (id === null) return seeOther(paths.list(scope, { status }))
  return seeOther(scope === 'own' ? paths.job(id) : paths.deskJob(id, { status }))
})
