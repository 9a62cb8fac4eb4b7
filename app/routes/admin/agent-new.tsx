import { Link, type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { detectAgents } from '~/dispatch/adapters/detect.server'
import { createAgent } from '~/domain/agents/create.server'
import { newAgentInput } from '~/domain/agents/input'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AgentForm } from '~/ui/AgentForm'
import { BackToAgents } from '~/ui/BackToAgents'
import { Section } from '~/ui/page'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('admin', async ({ url }) => {
  const suggestions = await detectAgents()
  const chosen = suggestions.find(({ name }) => name === url.searchParams.get('suggestion'))
  return {
    names: suggestions.map(({ name }) => name),
    chosen: chosen?.name ?? '',
    values: {
      kind: 'command',
      name: chosen?.name,
      description: chosen?.description,
      concurrency: '1',
      config: chosen && JSON.stringify(chosen.config, null, 2),
    },
  }
})

export const action = formAction('admin', newAgentInput, async ({ actor, desk, value }) => {
  const { id } = await createAgent(desk, actor, value)
  return seeOther(`${paths.agent(id)}?saved`)
})

export const meta: MetaFunction = () => [{ title: 'New agent · Docket' }]

export default function NewAgent() {
  const { names, chosen, values } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <>
      <BackToAgents />
      <Section title="New agent">
        <div className="flex flex-col gap-4">
          <p className="text-ink-2">
            Found on this machine:{' '}
            {names.map((name, at) => (
              <span key={name}>
                {at > 0 && ', '}
                <Link
                  to={paths.newAgent(name)}
                  aria-current={name === chosen || undefined}
                  className="text-accent underline aria-[current]:font-medium aria-[current]:no-underline"
                >
                  {name}
                </Link>
              </span>
            ))}
            . Choose one to fill the form.
          </p>
          <AgentForm key={chosen} reply={reply} values={values} />
        </div>
      </Section>
    </>
  )
}
