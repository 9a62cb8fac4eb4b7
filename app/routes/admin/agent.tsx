import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useActionData,
  useLoaderData,
} from '@remix-run/react'
import { editAgent } from '~/domain/agents/edit.server'
import { agentFormInput } from '~/domain/agents/input'
import { findAgent } from '~/domain/agents/queries.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentForm, agentFormValue } from '~/ui/AgentForm'
import { AgentStateBadge } from '~/ui/AgentStateBadge'
import { AgentStateForm } from '~/ui/AgentStateForm'
import { agentKindLooks } from '~/ui/agent-words'
import { BackToAgents } from '~/ui/BackToAgents'
import { Notice } from '~/ui/Notice'
import { Section } from '~/ui/page'
import { Time } from '~/ui/time'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('admin', async ({ desk, params, url }) => ({
  agent: await findAgent(desk, params.id as string),
  saved: url.searchParams.has('saved'),
}))

export const action = formAction('admin', agentFormInput, async ({ actor, desk, params, value }) => {
  const { id } = await editAgent(desk, actor, params.id as string, value)
  return seeOther(`${paths.agent(id)}?saved`)
})

/** After a lost race the form goes with the version of now. */
export const shouldRevalidate = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${data.agent.name} · ` : ''}Agents · Docket` },
]

export default function Agent() {
  const { agent, saved } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <>
      <BackToAgents />
      {saved && !reply && (
        <Notice tone="good" role="status">
          Saved.
        </Notice>
      )}
      <Section
        title={
          <span className="flex flex-wrap items-center gap-2">
            <bdi className="wrap-anywhere">{agent.name}</bdi>
            <AgentStateBadge state={agent.state} />
          </span>
        }
        description={
          <>
            {agentKindLooks[agent.kind].label} · {agent.running} of {agent.concurrency} running ·{' '}
            {agent.lastSeenAt === null ? (
              'has not worked yet'
            ) : (
              <>
                last worked <Time at={agent.lastSeenAt} />
              </>
            )}
          </>
        }
        actions={<AgentStateForm agent={agent} />}
      >
        {agent.state === 'RETIRED' ? (
          <Notice>
            <p>This agent is retired: its attempts stay on the record, and it takes no more work.</p>
          </Notice>
        ) : (
          <AgentForm
            key={`${agent.id} ${agent.version}`}
            agent={agent}
            reply={reply}
            values={agentFormValue(agent)}
          />
        )}
      </Section>
    </>
  )
}
