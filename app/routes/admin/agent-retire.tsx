import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { retirement } from '~/domain/agents/input'
import { findAgent, listAgentChoices } from '~/domain/agents/queries.server'
import { retireAgent } from '~/domain/agents/retire.server'
import { workloadOf } from '~/domain/agents/stats.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentRetirement } from '~/ui/AgentRetirement'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { plainName } from '~/ui/name'
import { Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { RetiredNotice } from '~/ui/RetiredNotice'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, params, timeZone }) => {
  const id = params.id as string
  const [agent, workload, choices] = await Promise.all([
    findAgent(desk, id),
    workloadOf(desk, id),
    listAgentChoices(desk, timeZone),
  ])
  return { agent, workload, successors: choices.filter((each) => each.id !== id) }
})

export const action = formAction('admin', retirement, async ({ actor, desk, params, value }) => {
  const { id } = await retireAgent(desk, actor, params.id as string, value)
  return seeOther(paths.agent(id))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Retire ${plainName(data.agent.name)}`) },
]

export default function RetireAgent() {
  const { agent, workload, successors } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  return (
    <>
      <BackLink to={paths.agent(agent.id)}>The agent</BackLink>
      <Section title="Retire agent">
        {agent.state === 'RETIRED' ? (
          <div className="flex flex-col gap-3" role={reply && 'alert'}>
            <RetiredNotice agent={agent} />
          </div>
        ) : (
          <AgentRetirement
            key={agent.version}
            agent={agent}
            workload={workload}
            successors={successors}
            reply={reply}
          />
        )}
      </Section>
    </>
  )
}
