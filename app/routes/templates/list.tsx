import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listTemplates } from '~/domain/templates/queries.server'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { LinkButton } from '~/ui/button'
import { Plus } from '~/ui/icons'
import { Notice } from '~/ui/Notice'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { TemplateList } from '~/ui/TemplateList'
import { TemplatesNav } from '~/ui/TemplatesNav'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const templates = await listTemplates(desk, actor)
  return {
    templates: templates.map(({ job, variables, ...shown }) => shown),
    viewerId: actor.id,
    isRemoved: url.searchParams.has('removed'),
  }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Templates') }]

export default function Templates() {
  const { templates, viewerId, isRemoved } = useLoaderData<typeof loader>()
  return (
    <Page>
      <PageHeader
        above={<TemplatesNav />}
        title="Templates"
        description="Jobs with blanks in them, to be asked for again and again."
        actions={
          <LinkButton to={paths.newTemplate()} size="small">
            <Plus aria-hidden />
            New template
          </LinkButton>
        }
      />
      {isRemoved && (
        <Notice tone="good" role="status">
          The template is removed. Its jobs stay.
        </Notice>
      )}
      <Card className="overflow-hidden">
        <TemplateList templates={templates} viewerId={viewerId} />
      </Card>
    </Page>
  )
}
