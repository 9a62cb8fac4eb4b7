import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { queryProblems } from '~/domain/jobs/list-filter.server'
import { withTimeZone } from '~/domain/jobs/list-query'
import { newViewInput } from '~/domain/views/input'
import { listViews } from '~/domain/views/queries.server'
import { saveView } from '~/domain/views/save.server'
import { viewSearch } from '~/domain/views/view'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { viewQuery } from '~/http/view-query.server'
import { listPlace, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { filterWords } from '~/ui/filter-chips'
import { FormErrors, PostForm, type Reply, SubmitButton } from '~/ui/forms'
import { FormActions, Page, PageHeader, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'
import { ViewFields } from '~/ui/ViewFields'
import { ViewList } from '~/ui/ViewList'
import type { ListScope } from '~db/vocabulary'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Saved views') }]

export const loader = pageLoader('user', async ({ actor, desk, url, timeZone }) => {
  const scope: ListScope = url.searchParams.get('scope') === 'all' ? 'all' : 'own'
  // null: nothing is about to be kept
  const query = url.searchParams.get('query')
  const views = await listViews(desk, actor, scope)
  return {
    scope,
    query,
    words: query === null ? [] : filterWords(listPlace(withTimeZone(query, timeZone))),
    views: views.map((view) => ({
      ...view,
      words: filterWords(listPlace(view.query)),
      problems: queryProblems(view.query, desk.now()),
    })),
    viewerId: actor.id,
  }
})

export const action = formAction('user', newViewInput, async ({ actor, desk, value, timeZone }) => {
  const view = await saveView(desk, actor, value, viewQuery(value.query, timeZone))
  return seeOther(paths.list(view.scope) + viewSearch(view.query))
})

export default function Views() {
  const { scope, query, words, views, viewerId } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  return (
    <Page width="narrow">
      <PageHeader
        title="Saved views"
        description="Lists to come back to: what they are narrowed to, and in which order."
        above={
          <BackLink to={paths.list(scope, listPlace(query ?? ''))}>
            {scope === 'own' ? 'Jobs' : 'All jobs'}
          </BackLink>
        }
      />
      {query !== null && (
        <Section title="Save this view">
          <NewView {...{ scope, query, words, reply }} />
        </Section>
      )}
      <Section title={scope === 'own' ? 'Over your jobs' : 'Over everyone’s jobs'} flush>
        <ViewList views={views} viewerId={viewerId} />
      </Section>
    </Page>
  )
}

interface NewViewProps {
  scope: ListScope
  query: string
  /** What it is narrowed to. */
  words: string[]
  reply: Reply | undefined
}

function NewView({ scope, query, words, reply }: NewViewProps) {
  const [form, fields] = useReplyForm<{ name: string; shared: boolean }>({ id: 'view', reply })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      {/* what is kept can't be typed here: what is wrong with it is said for the form */}
      {form.allErrors.query?.map((message) => (
        <p key={message} role="alert" className="text-danger">
          {message}
        </p>
      ))}
      <p className="text-ink-2 wrap-anywhere">
        <bdi>{words.length > 0 ? words.join(' · ') : 'Every job'}</bdi>
      </p>
      <input type="hidden" name="scope" value={scope} />
      <input type="hidden" name="query" value={query} />
      <ViewFields fields={fields} scope={scope} />
      <FormActions>
        <SubmitButton pendingLabel="Saving…">Save view</SubmitButton>
      </FormActions>
    </PostForm>
  )
}
