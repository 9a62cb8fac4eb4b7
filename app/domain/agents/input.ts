import { z } from 'zod'
import { agentKinds } from '~db/vocabulary'
import { recordInput } from '../record-input'

/** What admins and scripts send about agents. How a form spells its settings is in `form.ts`. Pure. */

const emptyToUndefined = (value: unknown) => (value === '' ? undefined : value)
const numeric = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : emptyToUndefined(value)

const oneToHundred = 'The number of jobs at once is a whole number from 1 to 100.'

/** A form sends `on` for a ticked box and nothing for an empty one. */
const checkbox = z.preprocess(
  (value) => (value === 'on' ? true : value),
  z.boolean('takesUnassigned is true or false.'),
)

/** Which settings there are depends on the kind: see `config.ts`. A secret's mask keeps what is stored. */
const config = recordInput(z.string(), z.unknown(), 'The settings are an object.')

const fields = {
  name: z
    .string({ error: 'Give the agent a name.' })
    .trim()
    .min(1, 'Give the agent a name.')
    .max(100, 'At most 100 characters.')
    .refine((value) => !/\p{Cc}/u.test(value), 'It holds a control character.'),
  description: z
    .string({ error: 'The description is text.' })
    .trim()
    .max(2000, 'At most 2,000 characters.')
    .refine((value) => !value.includes('\0'), 'It holds a NUL character.'),
  concurrency: z
    .number({ error: oneToHundred })
    .int(oneToHundred)
    .min(1, oneToHundred)
    .max(100, oneToHundred),
}

export const newAgentInput = z.object({
  name: fields.name,
  kind: z.enum(agentKinds, { error: `The kind is ${agentKinds.join(' or ')}.` }),
  description: fields.description.default(''),
  concurrency: z.preprocess(numeric, fields.concurrency.default(1)),
  takesUnassigned: checkbox.default(false),
  config: config.default({}),
})
export type NewAgentInput = z.output<typeof newAgentInput>

/** As JSON sends a change: only what is given changes. The kind stays what it is. */
export const agentChangeInput = z.object({
  name: fields.name.optional(),
  description: fields.description.optional(),
  concurrency: z.preprocess(numeric, fields.concurrency.optional()),
  takesUnassigned: checkbox.optional(),
  config: config.optional(),
  state: z.enum(['ACTIVE', 'PAUSED'], 'The state is ACTIVE or PAUSED.').optional(),
  /** Where given, it must match. */
  version: z.preprocess(numeric, z.int('The version is a whole number.').min(1).optional()),
})
export type AgentChangeInput = z.output<typeof agentChangeInput>

/** The verbs' own fields. `version`, where given, must match. */
export const agentVerbInput = agentChangeInput.pick({ version: true })

/** Without a successor its waiting jobs go back to any agent that takes unassigned ones. */
export const retirement = agentVerbInput.extend({
  successorId: z
    .preprocess(
      (value) => (value === '' ? null : value),
      z.string('There is no such agent.').max(64, 'There is no such agent.').nullable(),
    )
    .optional(),
})
export type Retirement = z.output<typeof retirement>
