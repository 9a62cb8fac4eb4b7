import type { z } from 'zod'
import type { Desk } from '~/domain/desk'
import { previewJob } from '~/domain/jobs/preview.server'
import type { Moved } from '~/domain/jobs/transition.server'
import type { UserActor } from '~/domain/policy'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { listPlace, paths } from '~/paths'
import { mayDoAtDesk } from '~/ui/may-do-at-desk'
import type { JobVerb } from '~db/vocabulary'
import { askedOf } from '../../jobs/job-page.server'

/** What a verb's page at the desk shows before it is done, and whether it may be done. */
export const deskVerbLoader = (verb: JobVerb | 'purge') =>
  pageLoader('admin', async (context) => {
    const preview = await previewJob(...askedOf(context))
    return { preview, permission: mayDoAtDesk(context.actor, verb, preview.job) }
  })

/** The form's door of a verb at the desk: done, it leads back to the job beside the same page of the list. */
export const deskVerbAction = <Schema extends z.ZodType>(
  schema: Schema,
  verb: (desk: Desk, actor: UserActor, id: string, input: z.output<Schema>) => Promise<Moved>,
) =>
  formAction('admin', schema, async ({ actor, desk, params, url, value }) => {
    const { id } = await verb(desk, actor, params.id as string, value)
    return seeOther(paths.deskJob(id, listPlace(url.search)))
  })
