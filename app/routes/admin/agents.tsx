import { type MetaFunction, useLoaderData, useOutlet } from '@remix-run/react'
import { listAgentRows } from '~/domain/agents/queries.server'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { AgentList } from '~/ui/AgentList'
import { LinkButton } from '~/ui/button'
import { Plus } from '~/ui/icons'
import { useLivePage } from '~/ui/live'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, timeZone }) => ({
  agents: await listAgentRows(desk, timeZone),
}))

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Agents') },
]

/** The list, and beside it the agent that was opened; on a phone that one takes the page. */
export default function Agents() {
  useLivePage({ scope: 'all', everyMs: 2_000 })
  const { agents } = useLoaderData<typeof loader>()
  const opened = useOutlet()
  return (
    <Page>
      <PageHeader
        title="Agents"
        description={
          opened ? undefined : 'Who does the jobs: models, programs on this machine, and what is built in.'
        }
        actions={
          <LinkButton to={paths.newAgent()} size="small">
            <Plus aria-hidden />
            New agent
          </LinkButton>
        }
      />
      <div className={opened ? 'grid grid-cols-1 items-start gap-5 lg:grid-cols-[20rem_minmax(0,1fr)]' : ''}>
        <Card className={`overflow-hidden ${opened ? 'max-lg:hidden' : ''}`}>
          <AgentList agents={agents} />
        </Card>
        {opened && <div className="flex min-w-0 flex-col gap-5">{opened}</div>}
      </div>
    </Page>
  )
}
