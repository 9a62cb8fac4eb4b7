import { randomUUID } from 'node:crypto'
import { type MetaFunction, type ShouldRevalidateFunctionArgs, useLoaderData } from '@remix-run/react'
import { toolboxExamples } from '~/domain/agents/examples'
import { listAgentChoices } from '~/domain/agents/queries.server'
import { toolboxCommands } from '~/domain/agents/toolbox-commands'
import { createJob } from '~/domain/jobs/create.server'
import { jobDefaults, newJobInput } from '~/domain/jobs/input'
import { formAction } from '~/http/form-action.server'
import { formIdempotency } from '~/http/idempotency.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { LinkButton } from '~/ui/button'
import { ExampleLinks, exampleSlug } from '~/ui/ExampleLinks'
import { JobForm } from '~/ui/JobForm'
import { Page, PageHeader, Section } from '~/ui/page'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ desk, url, timeZone }) => {
  const agents = await listAgentChoices(desk, timeZone)
  const slug = url.searchParams.get('example')
  const chosen = toolboxCommands.findIndex(({ command }) => exampleSlug(command) === slug)
  // the examples are the toolbox's: where it takes no unassigned jobs, the job names it
  const toolboxes = agents.filter(({ kind }) => kind === 'toolbox')
  const takes = toolboxes.some(({ takesUnassigned, state }) => takesUnassigned && state === 'ACTIVE')
  const example = toolboxExamples[chosen]
  const { name, description, acceptanceCriteria } = example ?? {}
  return {
    agents,
    example: example && slug ? slug : '',
    idempotencyKey: randomUUID(),
    values: {
      name,
      description,
      acceptanceCriteria,
      agentId: example && !takes ? toolboxes[0]?.id : undefined,
      priority: String(jobDefaults.priority),
      maxAttempts: String(jobDefaults.maxAttempts),
      review: jobDefaults.review,
    },
  }
})

export const action = formAction('user', newJobInput, async ({ actor, desk, value, form }) => {
  const { id } = await createJob(desk, actor, value, formIdempotency(form, 'POST /jobs/new'))
  return seeOther(paths.job(id))
})

/** Where the key was used up by an earlier job, the form needs a new one. */
export const shouldRevalidate = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate

export const meta: MetaFunction = () => [{ title: 'New job · Docket' }]

export default function NewJob() {
  const { agents, example, values, idempotencyKey } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  return (
    <Page>
      <PageHeader
        title="New job"
        actions={
          <LinkButton to={paths.templates} size="small">
            From a template
          </LinkButton>
        }
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,52rem)_19rem]">
        <JobForm
          key={example}
          agents={agents}
          reply={reply}
          values={values}
          idempotencyKey={idempotencyKey}
          draft={example ? `example-${example}` : undefined}
        />
        <Section title="Start from an example" description="They run offline, without a model." flush>
          <div className="p-2">
            <ExampleLinks />
          </div>
        </Section>
      </div>
    </Page>
  )
}
