import type { z } from 'zod'
import type { Desk } from '~/domain/desk'
import type { Moved } from '~/domain/jobs/transition.server'
import type { UserActor } from '~/domain/policy'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { mayDo } from '~/ui/may-do'
import type { JobVerb } from '~db/vocabulary'
import { readJob } from './job-page.server'

/** What a verb's own page asks about: the job as it is now, and whether the verb may be done to it. */
export const verbLoader = (verb: JobVerb) =>
  pageLoader('user', async (context) => {
    const { job } = await readJob(context)
    const permission = mayDo(context.actor, verb, job)
    return { job: { id: job.id, name: job.name, version: job.version }, permission }
  })

/** The question that waits for an answer, too. */
export const answerLoader = pageLoader('user', async (context) => {
  const { job, attempts } = await readJob(context)
  return {
    job: { id: job.id, name: job.name, version: job.version },
    permission: mayDo(context.actor, 'answer', job),
    question: attempts.findLast(({ outcome }) => outcome === 'WAITING')?.question ?? null,
  }
})

/** The form's door of a verb on one job: done, it leads back to the job. */
export const verbAction = <Schema extends z.ZodType>(
  schema: Schema,
  verb: (desk: Desk, actor: UserActor, id: string, input: z.output<Schema>) => Promise<Moved>,
) =>
  formAction('user', schema, async ({ actor, desk, params, value }) => {
    const { id } = await verb(desk, actor, params.id as string, value)
    return seeOther(paths.job(id))
  })
