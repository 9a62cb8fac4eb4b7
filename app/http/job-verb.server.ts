import type { z } from 'zod'
import type { Desk } from '~/domain/desk'
import { verbInput } from '~/domain/jobs/input'
import { purgeJob } from '~/domain/jobs/purge.server'
import { findJob } from '~/domain/jobs/queries.server'
import type { JobView } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { jobAnswer, presentFoundJob } from './job-answer.server'
import { json, method, resource } from './json-action.server'

type Verb<Input> = (desk: Desk, actor: UserActor, id: string, input: Input) => Promise<{ id: string }>

/** The JSON door of a verb on one job: POST, answered 200 with the job as it is after. */
export function jobVerbDoor<Schema extends z.ZodType>(body: Schema, verb: Verb<z.output<Schema>>) {
  return resource({
    POST: method({
      rule: 'user',
      body,
      async handle(asked) {
        const { id } = await verb(asked.desk, asked.actor, asked.params.id as string, asked.value)
        return json(await jobAnswer(asked, id))
      },
    }),
  })
}

/**
 * The same at the admins' desk, with `warnings`: what stands in the way of what was done all the same.
 * @param exactly makes the verb's input of the body's own text, where parsing it would lose digits
 */
export function deskVerbDoor<Schema extends z.ZodType, Input = z.output<Schema>>(
  body: Schema,
  verb: Verb<Input>,
  exactly: (value: z.output<Schema>, text: string) => Input = (value) => value as Input,
) {
  return resource({
    POST: method({
      rule: 'admin',
      body,
      async handle(asked) {
        const { desk, actor, value, text } = asked
        const { id } = await verb(desk, actor, asked.params.id as string, exactly(value, text))
        const job = await findJob(desk, actor, id)
        return json({ ...(await presentFoundJob(asked, job)), warnings: warningsAbout(job) })
      },
    }),
  })
}

/** Purges a job, for admins. No job is left to answer with. */
export const purging = method({
  rule: 'admin',
  body: verbInput,
  async handle({ actor, desk, params, value }) {
    const id = params.id as string
    await purgeJob(desk, actor, id, value)
    return json({ id, purged: true })
  },
})

const warnsOf = ['agent_paused', 'takers_paused', 'no_taker', 'no_agent']

const warningsAbout = ({ waitingFor }: JobView): string[] =>
  waitingFor && warnsOf.includes(waitingFor.reason) ? [waitingFor.sentence] : []
