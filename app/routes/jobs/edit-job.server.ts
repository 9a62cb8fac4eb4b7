import { listAgentChoices } from '~/domain/agents/queries.server'
import { editJob } from '~/domain/jobs/edit.server'
import { jobChangeForm } from '~/domain/jobs/input'
import { findJob } from '~/domain/jobs/queries.server'
import { can } from '~/domain/policy'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'

export const editLoader = (rule: 'user' | 'admin') =>
  pageLoader(rule, async ({ actor, desk, params, timeZone }) => {
    const [job, agents] = await Promise.all([
      findJob(desk, actor, params.id as string),
      listAgentChoices(desk, timeZone),
    ])
    // the form has no place for an earlier result, which may be megabytes
    return { job: { ...job, result: null }, agents, permission: can(actor, 'edit', job) }
  })

/** The form sends all of a job, so what is empty is cleared. */
const optional = {
  agentId: null,
  priority: null,
  runAfter: null,
  maxAttempts: null,
  timeoutSeconds: null,
  review: null,
}

/** @param back where it leads when the change is made */
export const editAction = (rule: 'user' | 'admin', back: (id: string, url: URL) => string) =>
  formAction(rule, jobChangeForm, async ({ actor, desk, params, url, value }) => {
    const { tags = null, metadata = null } = value
    const { id, isChanged } = await editJob(desk, actor, params.id as string, {
      ...optional,
      ...value,
      tags,
      metadata,
    })
    return seeSaved(back(id, url), isChanged)
  })
