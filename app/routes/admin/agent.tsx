import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { editAgent } from '~/domain/agents/edit.server'
import { agentChangeForm, atFields, secretFields } from '~/domain/agents/form'
import { findAgent } from '~/domain/agents/queries.server'
import { agentStats } from '~/domain/agents/stats.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentForm, agentFormValue } from '~/ui/AgentForm'
import { AgentRecord } from '~/ui/AgentRecord'
import { AgentStateBadge } from '~/ui/AgentStateBadge'
import { AgentStateForm } from '~/ui/AgentStateForm'
import { AgentTestAnswer, AgentTestButton } from '~/ui/AgentTest'
import { AgentLine, RunList } from '~/ui/AgentWorkload'
import { useAnswer } from '~/ui/answer'
import { BackToAgents } from '~/ui/BackToAgents'
import { LinkButton } from '~/ui/button'
import { DoneNotice } from '~/ui/DoneNotice'
import { plainName } from '~/ui/name'
import { Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { RetiredNotice } from '~/ui/RetiredNotice'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, params, timeZone }) => {
  const id = params.id as string
  const [agent, stats] = await Promise.all([findAgent(desk, id, timeZone), agentStats(desk, id, timeZone)])
  return { agent, stats }
})

export const action = formAction(
  'admin',
  agentChangeForm,
  async ({ actor, desk, params, value }) => {
    const { id, version } = await atFields(editAgent(desk, actor, params.id as string, value))
    return seeSaved(`${paths.agent(id)}?saved`, version !== value.version)
  },
  { hide: secretFields },
)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `${plainName(data.agent.name)} · Agents`) },
]

export default function Agent() {
  const { agent, stats } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const isRetired = agent.state === 'RETIRED'
  return (
    <>
      <BackToAgents />
      {!reply && (
        <DoneNotice
          key={`${agent.id} ${agent.version}`}
          isStill={{ paused: agent.state === 'PAUSED', resumed: agent.state === 'ACTIVE' }}
        />
      )}
      <Section
        title={
          <span className="flex flex-wrap items-center gap-2">
            <bdi className="wrap-anywhere">{plainName(agent.name)}</bdi>
            <AgentStateBadge state={agent.state} />
          </span>
        }
        description={<AgentLine agent={agent} workload={stats} />}
        actions={
          !isRetired && (
            <>
              <AgentTestButton agent={agent} />
              <AgentStateForm agent={agent} />
              <LinkButton to={paths.retireAgent(agent.id)} size="small">
                Retire…
              </LinkButton>
            </>
          )
        }
      >
        <div className="flex flex-col gap-4">
          {isRetired ? <RetiredNotice agent={agent} /> : <AgentTestAnswer agent={agent} />}
          {isRetired && agent.description && <p className="authored text-ink-2">{agent.description}</p>}
          {stats.runs.length > 0 ? (
            <div className="flex flex-col gap-1.5">
              <h3 className="text-xs font-medium text-ink-2">Runs now</h3>
              <RunList runs={stats.runs} />
            </div>
          ) : (
            !isRetired && <p className="text-ink-2">Nothing runs now.</p>
          )}
        </div>
      </Section>
      <AgentRecord stats={stats} />
      {!isRetired && (
        <Section title="Settings">
          <AgentForm
            key={`${agent.id} ${agent.version}`}
            kind={agent.kind}
            agent={agent}
            reply={reply}
            values={agentFormValue(agent)}
          />
        </Section>
      )}
    </>
  )
}
