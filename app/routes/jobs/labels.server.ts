import { tagChangeInput } from '~/domain/jobs/input'
import { tagJob } from '~/domain/jobs/tag.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { mayDo } from '~/ui/may-do'
import { readJob } from './job-page.server'

export const labelsLoader = (rule: 'user' | 'admin') =>
  pageLoader(rule, async (context) => {
    const { job } = await readJob(context)
    const { id, name, version, tags, metadata } = job
    return { job: { id, name, version, tags, metadata }, permission: mayDo(context.actor, 'tag', job) }
  })

/**
 * The form sends all of them, so what is empty is cleared.
 * @param back where it leads when the change is made
 */
export const labelsAction = (rule: 'user' | 'admin', back: (id: string, url: URL) => string) =>
  formAction(rule, tagChangeInput, async ({ actor, desk, params, url, value }) => {
    const { version, tags = null, metadata = null } = value
    const { id, isChanged } = await tagJob(desk, actor, params.id as string, { version, tags, metadata })
    return seeSaved(back(id, url), isChanged)
  })
