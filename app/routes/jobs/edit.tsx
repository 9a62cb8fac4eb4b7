import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useActionData,
  useLoaderData,
} from '@remix-run/react'
import { listAgentChoices } from '~/domain/agents/queries.server'
import { editJob } from '~/domain/jobs/edit.server'
import { newJobInput, verbInput } from '~/domain/jobs/input'
import { findJob } from '~/domain/jobs/queries.server'
import { can } from '~/domain/policy'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { LinkButton } from '~/ui/button'
import { JobForm, jobFormValue } from '~/ui/JobForm'
import { Notice } from '~/ui/Notice'
import { plainName } from '~/ui/name'
import { Page, PageHeader } from '~/ui/page'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const [job, agents] = await Promise.all([findJob(desk, actor, params.id as string), listAgentChoices(desk)])
  // the form has no place for an earlier result, which may be megabytes
  return { job: { ...job, result: null }, agents, permission: can(actor, 'edit', job) }
})

/** The form sends all of a job, so what is empty is cleared. */
const jobFormInput = newJobInput.extend(verbInput.shape)
const optional = {
  agentId: null,
  priority: null,
  runAfter: null,
  maxAttempts: null,
  timeoutSeconds: null,
  review: null,
}

export const action = formAction('user', jobFormInput, async ({ actor, desk, params, value }) => {
  const { id } = await editJob(desk, actor, params.id as string, { ...optional, ...value })
  return seeOther(paths.job(id))
})

/** After a lost race the form goes with the version of now. */
export const shouldRevalidate = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `Edit ${plainName(data.job.name)} · Docket` : 'Docket' },
]

export default function EditJob() {
  const { job, agents, permission } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <Page width="narrow">
      <PageHeader title="Edit job" />
      {permission.allowed || reply ? (
        <JobForm agents={agents} reply={reply} values={jobFormValue(job)} job={job} />
      ) : (
        <>
          <Notice tone="warn">
            <p>{permission.reason}</p>
          </Notice>
          <div>
            <LinkButton to={paths.job(job.id)}>Back to the job</LinkButton>
          </div>
        </>
      )}
    </Page>
  )
}
