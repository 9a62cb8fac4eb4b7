import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { Invalid } from '~/domain/errors'
import { previewRetention } from '~/domain/retention/due.server'
import { retentionForm } from '~/domain/retention/input'
import { purgesMore, readRetention, saveRetention } from '~/domain/retention/settings.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { RetentionForm } from '~/ui/RetentionForm'
import { RetentionState } from '~/ui/RetentionState'
import { previewText } from '~/ui/retention-words'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, url }) => ({
  retention: await readRetention(desk, actor),
  isSaved: url.searchParams.has('saved'),
}))

/** A purge can't be undone: what is to be purged that was not before has to be confirmed. */
export const action = formAction('admin', retentionForm, async ({ desk, actor, value }) => {
  const { confirmed, ...input } = value
  if (!confirmed && input.purgeAfterDays !== null && (await purgesMore(desk, input))) {
    const preview = await previewRetention(desk, 'purge', input.purgeAfterDays)
    throw new Invalid({
      confirmed: [`Confirm that ${previewText(preview)} are purged for good, and more as time passes.`],
    })
  }
  return seeSaved(`${paths.retention}?saved`, await saveRetention(desk, actor, input))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Retention') }]

export default function Retention() {
  const { retention, isSaved } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  return (
    <Page>
      <PageHeader
        title="Retention"
        description="How long everyone’s closed jobs are kept. Open jobs are never touched."
      />
      <RetentionForm
        key={retention.version}
        retention={retention}
        isSaved={isSaved && !reply}
        reply={reply}
      />
      <RetentionState retention={retention} />
    </Page>
  )
}
