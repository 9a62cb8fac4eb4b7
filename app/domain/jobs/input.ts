import { z } from 'zod'
import { reviewPolicies } from '~db/vocabulary'
import { metadataField, tagsField } from './labels'
import { resultFormats, resultJson } from './result-text'

/**
 * The schemas of what people and scripts send, shared by forms and JSON. Forms send text, so numbers and
 * times are taken as text too; an empty optional field means "not given".
 */

const text = (label: string, max: number) =>
  z
    .string({ error: `Give ${label}.` })
    // forms send CR LF where a person pressed Enter; half a surrogate pair is no text
    .overwrite((value) => value.replace(/\r\n?/g, '\n').toWellFormed().trim())
    .min(1, `Give ${label}.`)
    .max(max, `At most ${max.toLocaleString('en')} characters.`)
    // SQLite's text functions stop at NUL, and browsers can't send it
    .refine((value) => !value.includes('\0'), 'It holds a NUL character.')

const emptyToNull = (value: unknown) => (value === '' ? null : value)
const numeric = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : emptyToNull(value)

const wholeNumber = (label: string, min: number, max: number) =>
  z
    .number({ error: `${label} is a whole number from ${min} to ${max.toLocaleString('en')}.` })
    .int(`${label} is a whole number from ${min} to ${max.toLocaleString('en')}.`)
    .min(min, `${label} is at least ${min}.`)
    .max(max, `${label} is at most ${max.toLocaleString('en')}.`)

const isoShape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i
/** Date.parse takes February 31 for March 3. */
const isDay = (day: string) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)

/** ISO 8601 with a zone, to milliseconds UTC. `datetime-local` inputs come without one and are read as UTC. */
const instant = z
  .string({ error: 'Give a time as ISO 8601, such as 2030-01-31T09:00:00Z.' })
  .trim()
  .transform((value, context) => {
    const [, day, time, zone = 'Z'] = isoShape.exec(value) ?? []
    const at = day && isDay(day) ? Date.parse(`${day}T${time}${zone}`) : Number.NaN
    if (Number.isNaN(at)) {
      context.addIssue({ code: 'custom', message: 'Give a time as ISO 8601, such as 2030-01-31T09:00:00Z.' })
      return z.NEVER
    }
    return at
  })

const fields = {
  name: text('the job a name', 200).refine(
    (value) => !/(?!\0)\p{Cc}/u.test(value),
    'It holds a control character.',
  ),
  description: text('a description of what is to be done', 50_000),
  acceptanceCriteria: text('the criteria the result is judged by', 20_000),
  agentId: z
    .preprocess(
      emptyToNull,
      z.string('There is no such agent.').max(64, 'There is no such agent.').nullable(),
    )
    .optional(),
  priority: z.preprocess(numeric, wholeNumber('Priority', 0, 9).nullable()).optional(),
  runAfter: z.preprocess(emptyToNull, instant.nullable()).optional(),
  maxAttempts: z.preprocess(numeric, wholeNumber('The number of attempts', 1, 20).nullable()).optional(),
  timeoutSeconds: z
    .preprocess(numeric, wholeNumber('The time limit in seconds', 1, 86_400).nullable())
    .optional(),
  review: z
    .preprocess(
      emptyToNull,
      z.enum(reviewPolicies, { error: `Review is ${reviewPolicies.join(' or ')}.` }).nullable(),
    )
    .optional(),
  tags: tagsField,
  metadata: metadataField,
}

const version = z.preprocess(numeric, wholeNumber('The version', 1, 1_000_000_000).nullable()).optional()

const anObject = 'Send an object with the fields.'

/** A new job. Optional fields: null or left out means the default. */
export const newJobInput = z.object(fields, anObject)
export type NewJobInput = z.output<typeof newJobInput>

/** A change: only what is given changes; null clears an optional field or sets its default. */
export const jobChangeInput = z.object({ ...fields, version }, anObject).partial()
export type JobChangeInput = z.output<typeof jobChangeInput>

/** Scripts send back what they were given: answers name the agent `assignedAgentId`. */
const asAnswered = (value: unknown) => {
  if (typeof value !== 'object' || value === null || !('assignedAgentId' in value) || 'agentId' in value)
    return value
  const { assignedAgentId, ...rest } = value
  return { ...rest, agentId: assignedAgentId }
}
export const newJobJson = z.preprocess(asAnswered, newJobInput)
export const jobChangeJson = z.preprocess(asAnswered, jobChangeInput)

/** The verbs' own fields. `version`, where given, must match. */
export const verbInput = z.object({ version }, anObject)
export const resubmitInput = verbInput.extend({ undo: z.boolean('undo is true or false.').optional() })
export const feedbackInput = z.object({
  feedback: text('feedback: what is missing or wrong', 20_000),
  version,
})
export const answerInput = z.object({ answer: text('an answer', 20_000), version }, anObject)

const reason = text('a reason: it waives every criterion', 5000)

/** An admin's completion as JSON; `result` is any JSON, null or left out keeps what the job has. */
export const completionInput = z.object({ reason, result: z.unknown().optional(), version }, anObject)

/** The same by form: the result is text, or JSON as it is typed. Empty, or null as JSON, keeps what the job has. */
export const completionForm = z
  .object({
    reason,
    result: z
      .string()
      .overwrite((value) => value.replace(/\r\n?/g, '\n').toWellFormed())
      .optional(),
    resultFormat: z.enum(resultFormats, { error: 'Choose JSON or text.' }).default('json'),
    version,
  })
  .transform(({ resultFormat, result: typed = '', ...rest }, context) => {
    if (typed.trim() === '') return rest
    const { json, problem } = resultJson(typed, resultFormat)
    if (json === 'null') return rest
    if (json !== undefined) return { ...rest, result: json }
    context.addIssue({ code: 'custom', path: ['result'], message: problem })
    return z.NEVER
  })

/** Which agent gets the job from now on. */
export const assignmentInput = z.object(
  {
    agentId: z.string('Choose an agent.').min(1, 'Choose an agent.').max(64, 'There is no such agent.'),
    version,
  },
  anObject,
)

/** Tags and metadata, at any time. Only what is given changes; null clears it. */
export const tagChangeInput = z.object(
  {
    /** All of them from now on. */
    tags: tagsField,
    metadata: metadataField,
    /** Beside those that it has. */
    add: tagsField,
    remove: tagsField,
    version,
  },
  anObject,
)
export type TagChange = z.output<typeof tagChangeInput>

export const jobDefaults = { priority: 0, maxAttempts: 3, review: 'required' } as const
