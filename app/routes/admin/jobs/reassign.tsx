import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listAgentChoices } from '~/domain/agents/queries.server'
import { assignmentInput } from '~/domain/jobs/input'
import { previewJob, waitingLines } from '~/domain/jobs/preview.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { pageLoader } from '~/http/page.server'
import { AgentSelection } from '~/ui/AgentSelection'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { mayDo } from '~/ui/may-do'
import { verbTitle } from '~/ui/verb-words'
import { askedOf } from '../../jobs/job-page.server'
import { deskVerbAction } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async (context) => {
  const { actor, desk } = context
  const [preview, agents, lines] = await Promise.all([
    previewJob(...askedOf(context)),
    listAgentChoices(desk, context.timeZone),
    waitingLines(desk),
  ])
  return { preview: { ...preview, lines }, agents, permission: mayDo(actor, 'reassign', preview.job) }
})

export const action = deskVerbAction(assignmentInput, reassignJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('reassign', data?.preview.job.name) },
]

export default function ReassignJob() {
  const { agents, ...data } = useLoaderData<typeof loader>()
  const { assignedAgentId: id, agentName } = data.preview.job
  const current = id === null ? null : { id, name: agentName ?? 'Its agent' }
  return (
    <DeskVerbPanel
      verb="reassign"
      {...data}
      reply={useAnswer<typeof action>()}
      fields={({ agentId }) => (
        <AgentSelection field={agentId} agents={agents} current={current} label="Its agent from now on" />
      )}
    />
  )
}
