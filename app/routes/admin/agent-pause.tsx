import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { pauseAgent } from '~/domain/agents/pause.server'
import { findAgent } from '~/domain/agents/queries.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentStatePanel } from '~/ui/AgentStatePanel'
import { useAnswer } from '~/ui/answer'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, params }) => {
  const { id, name, state } = await findAgent(desk, params.id as string)
  return { agent: { id, name, state } }
})

export const action = formAction('admin', z.object({}), async ({ actor, desk, params }) => {
  const { id } = await pauseAgent(desk, actor, params.id as string)
  return seeOther(`${paths.agent(id)}?paused`)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Pause ${plainName(data.agent.name)}`) },
]

export default function PauseAgent() {
  const { agent } = useLoaderData<typeof loader>()
  return <AgentStatePanel agent={agent} reply={useAnswer<typeof action>()} />
}
