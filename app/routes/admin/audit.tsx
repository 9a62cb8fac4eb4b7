import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listAudit } from '~/domain/audit-queries.server'
import { readAuditFilter } from '~/http/audit-filter.server'
import { pageLoader } from '~/http/page.server'
import { type AuditPageFilter, paths } from '~/paths'
import { AuditFilterForm } from '~/ui/AuditFilterForm'
import { AuditList } from '~/ui/AuditList'
import { LinkButton } from '~/ui/button'
import { EmptyState } from '~/ui/EmptyState'
import { SearchX } from '~/ui/icons'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, url, timeZone }) => {
  const cursor = url.searchParams.get('cursor')
  const { filter: understood, errors } = readAuditFilter(url, timeZone)
  const misread = Object.keys(errors).length > 0
  const page = misread
    ? { rows: [], nextCursor: null, prevCursor: null }
    : await listAudit(desk, actor, { ...understood, cursor })
  const asked = (name: string) => url.searchParams.get(name)?.trim() || undefined
  const filter: AuditPageFilter = {
    actor: asked('actor'),
    action: asked('action'),
    subject: asked('subject'),
    from: asked('from'),
    to: asked('to'),
  }
  return data({ page, filter, errors, isFirst: !cursor }, { status: misread ? 422 : 200 })
})

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Audit') },
]

export default function Audit() {
  const { page, filter, errors, isFirst } = useLoaderData<typeof loader>()
  const subjectName = filter.subject ? (page.rows[0]?.subjectName ?? null) : null
  const emptyTitle =
    Object.keys(errors).length > 0
      ? 'That filter means nothing here'
      : isFirst
        ? 'Nothing like that is on the record'
        : 'No more here'
  const to = (cursor: string | null) => cursor && paths.auditOf({ ...filter, cursor })
  return (
    <Page>
      <PageHeader
        title="Audit"
        description="Who did what, when and from where. Rows are only ever added: nobody can change or remove one."
      />
      <AuditFilterForm filter={filter} subjectName={subjectName} errors={errors} />
      <Card>
        {page.rows.length > 0 ? (
          <AuditList entries={page.rows} />
        ) : (
          <EmptyState
            Icon={SearchX}
            title={emptyTitle}
            actions={<LinkButton to={paths.audit}>Show everything</LinkButton>}
          />
        )}
      </Card>
      <Pager
        label="Pages of the audit"
        prev={to(page.prevCursor)}
        next={to(page.nextCursor)}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}
