import { redirect } from '@remix-run/node'
import { z } from 'zod'
import { removeView } from '~/domain/views/save.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'

/** Its form is on the view's own page. */
export const loader = pageLoader('user', ({ params }) => redirect(paths.view(params.id as string), 303))

export const action = formAction('user', z.object({}), async ({ actor, desk, params }) => {
  const { scope } = await removeView(desk, actor, params.id as string)
  return seeOther(paths.viewsOf(scope))
})
