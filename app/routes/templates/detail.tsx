import { randomUUID } from 'node:crypto'
import { Link, type MetaFunction, useLoaderData } from '@remix-run/react'
import { unfilledWarning } from '~/domain/templates/fill'
import { atValueFields, templateValuesForm } from '~/domain/templates/form'
import { makeJob } from '~/domain/templates/make.server'
import { findTemplate } from '~/domain/templates/queries.server'
import { mayChange } from '~/domain/templates/save.server'
import { formAction } from '~/http/form-action.server'
import { formIdempotency } from '~/http/idempotency.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Notice } from '~/ui/Notice'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'
import { TemplateDetail } from '~/ui/TemplateDetail'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params, url }) => {
  const template = await findTemplate(desk, actor, params.id as string)
  return {
    template,
    isOwn: template.ownerId === actor.id,
    mayChange: mayChange(actor, template),
    idempotencyKey: randomUUID(),
    warning: unfilledWarning(template.job),
    isSaved: url.searchParams.has('saved'),
    isMade: url.searchParams.has('made'),
  }
})

export const action = formAction('user', templateValuesForm, async ({ actor, desk, params, value, form }) => {
  const template = await findTemplate(desk, actor, params.id as string)
  const names = template.variables.map(({ name }) => name)
  const key = formIdempotency(form, `POST /templates/${template.id}`)
  const { id } = await atValueFields(names, makeJob(desk, actor, template.id, value.values, key))
  return seeOther(paths.job(id))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `${plainName(data.template.name)} · Templates`) },
]

export default function Template() {
  const { isSaved, isMade, ...shown } = useLoaderData<typeof loader>()
  return (
    <>
      {isSaved && (
        <Notice tone="good" role="status">
          Saved.
        </Notice>
      )}
      {isMade && (
        <Notice tone="good" role="status">
          The jobs of the file are handed in: they are the newest of{' '}
          <Link to={paths.jobs()} className="underline">
            your jobs
          </Link>
          .
        </Notice>
      )}
      <TemplateDetail {...shown} reply={useAnswer<typeof action>()} />
    </>
  )
}
