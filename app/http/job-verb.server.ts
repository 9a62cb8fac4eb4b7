import type { z } from 'zod'
import type { Desk } from '~/domain/desk'
import { findJob } from '~/domain/jobs/queries.server'
import type { Moved } from '~/domain/jobs/transition.server'
import type { UserActor } from '~/domain/policy'
import { json, method, resource } from './json-action.server'
import { presentJob } from './present'

type Verb<Input> = (desk: Desk, actor: UserActor, id: string, input: Input) => Promise<Moved>

/** The JSON door of a verb on one job: POST, answered 200 with the job as it is after. */
export function jobVerbDoor<Schema extends z.ZodType>(
  rule: 'user' | 'admin',
  body: Schema,
  verb: Verb<z.output<Schema>>,
) {
  return resource({
    POST: method({
      rule,
      body,
      async handle({ actor, desk, params, value }) {
        const { id } = await verb(desk, actor, params.id as string, value)
        return json(presentJob(await findJob(desk, actor, id)))
      },
    }),
  })
}
