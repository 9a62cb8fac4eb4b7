import { z } from 'zod'
import { agentKinds } from '~db/vocabulary'

/** What admins and scripts send about agents, shared by form and JSON. Pure: a browser may import it. */

const emptyToUndefined = (value: unknown) => (value === '' ? undefined : value)
const numeric = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : emptyToUndefined(value)

const oneToHundred = 'The number of jobs at once is a whole number from 1 to 100.'

/** A form sends `on` for a ticked box and nothing for an empty one. */
const checkbox = z.preprocess(
  (value) => (value === 'on' ? true : value),
  z.boolean('takesUnassigned is true or false.'),
)

/** A form sends the settings as JSON text. Which settings there are depends on the kind: see `config.ts`. */
const config = z
  .union([z.string(), z.record(z.string(), z.unknown())], 'The settings are an object.')
  .transform((value, context): Record<string, unknown> => {
    if (typeof value !== 'string') return value
    if (value.trim() === '') return {}
    try {
      const parsed: unknown = JSON.parse(value)
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
        return parsed as Record<string, unknown>
      }
      context.addIssue({ code: 'custom', message: 'The settings are a JSON object: { ... }.' })
    } catch (error) {
      const why = error instanceof SyntaxError ? `: ${error.message}` : ''
      context.addIssue({ code: 'custom', message: `The settings are not valid JSON${why}.` })
    }
    return z.NEVER
  })

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

/** As the form sends it: all of it, an empty checkbox by its absence. */
export const agentFormInput = newAgentInput
  .omit({ kind: true })
  .extend({ version: agentChangeInput.shape.version })
