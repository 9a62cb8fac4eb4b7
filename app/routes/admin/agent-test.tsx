import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { callAgent } from '~/dispatch/call-agent'
import { findAgent } from '~/domain/agents/queries.server'
import { testAgent } from '~/domain/agents/test.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { AgentTestAnswer, AgentTestButton } from '~/ui/AgentTest'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { plainName } from '~/ui/name'
import { FormActions, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, params }) => {
  const { id, name, state, version } = await findAgent(desk, params.id as string)
  return { agent: { id, name, state, version } }
})

export const action = formAction('admin', z.object({}), async ({ request, actor, desk, params }) =>
  data({
    test: await testAgent(desk, actor, params.id as string, { call: callAgent, signal: request.signal }),
  }),
)

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && `Test ${plainName(loaded.agent.name)}`) },
]

/** Where the browser sends the form by itself; with JavaScript the answer is shown on the agent's own page. */
export default function TestAgent() {
  const { agent } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const isRetired = agent.state === 'RETIRED'
  return (
    <>
      <BackLink to={paths.agent(agent.id)}>The agent</BackLink>
      <Section title={<bdi className="wrap-anywhere">Test {plainName(agent.name)}</bdi>}>
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">
            {isRetired
              ? 'It is retired, and is not called any more.'
              : 'Really calls the agent with a trivial request, for 30 s at the most. One that has a model may cost a little.'}
          </p>
          <AgentTestAnswer agent={agent} reply={reply} />
          <FormActions>{!isRetired && <AgentTestButton agent={agent} />}</FormActions>
        </div>
      </Section>
    </>
  )
}
