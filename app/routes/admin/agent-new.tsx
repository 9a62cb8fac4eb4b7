import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { detectAgents } from '~/dispatch/adapters/detect.server'
import { createAgent } from '~/domain/agents/create.server'
import { atFields, newAgentForm, secretFields } from '~/domain/agents/form'
import { settingsText } from '~/domain/agents/settings-text'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentForm } from '~/ui/AgentForm'
import { AgentKindCards, AgentKindTabs, FoundAgents } from '~/ui/AgentKinds'
import { agentKindLooks } from '~/ui/agent-words'
import { useAnswer } from '~/ui/answer'
import { BackToAgents } from '~/ui/BackToAgents'
import { Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { agentKinds } from '~db/vocabulary'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ url }) => {
  const found = await detectAgents()
  const chosen = found.find(({ name }) => name === url.searchParams.get('suggestion'))
  const asked = url.searchParams.get('kind')
  const kind = chosen?.kind ?? agentKinds.find((each) => each === asked) ?? null
  return {
    kind,
    found: found
      .filter((each) => kind === null || each.kind === kind)
      .map(({ name, kind, models }) => ({ name, kind, models })),
    chosen: chosen?.name,
    models: chosen?.models,
    values: {
      ...(chosen && settingsText(chosen.kind, { ...chosen.config })),
      // of several models it is not known which one is meant
      ...(chosen?.models && chosen.models.length > 1 && { model: undefined }),
      name: chosen?.name,
      description: chosen?.description,
      concurrency: '1',
    },
  }
})

export const action = formAction(
  'admin',
  newAgentForm,
  async ({ actor, desk, value }) => {
    const { id } = await atFields(createAgent(desk, actor, value))
    return seeOther(`${paths.agent(id)}?saved`)
  },
  { hide: secretFields },
)

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'New agent') },
]

export default function NewAgent() {
  const { kind, found, chosen, models, values } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  return (
    <>
      <BackToAgents />
      <Section
        title="New agent"
        description={kind === null && 'What kind of agent is it to be? It stays of that kind.'}
      >
        <div className="flex flex-col gap-4">
          {kind === null ? (
            <>
              <AgentKindCards />
              <FoundAgents found={found} />
            </>
          ) : (
            <>
              <AgentKindTabs current={kind} />
              <p className="text-ink-2">{agentKindLooks[kind].words}</p>
              <FoundAgents found={found} chosen={chosen} />
              <AgentForm
                key={`${kind} ${chosen}`}
                kind={kind}
                reply={reply}
                values={values}
                models={models}
              />
            </>
          )}
        </div>
      </Section>
    </>
  )
}
