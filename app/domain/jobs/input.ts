import { z } from 'zod'
import { reviewPolicies } from '~db/vocabulary'
import { readMoment } from '../zones/calendar'
import { localText, utc } from '../zones/clock'
import { timeZoneField } from '../zones/input'
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

const notTime = 'Give a time as ISO 8601, such as 2030-01-31T09:00:00Z.'

/** ISO 8601. What `datetime-local` inputs send has no offset from UTC: `atStart` reads it by the clocks of a zone. */
const moment = z
  .string({ error: notTime })
  .trim()
  .refine((text) => readMoment(text, utc) !== null, notTime)

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
  runAfter: z.preprocess(emptyToNull, moment.nullable()).optional(),
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

/** The zone by whose clocks a start time without an offset is meant; UTC if left out. */
const timeZone = timeZoneField.optional()
/** The start time that a form showed. Left as it was shown, it stays as exact as it is. */
const runAfterShown = z.string().optional()

interface Sent {
  runAfter?: string | null
  timeZone?: string
  runAfterShown?: string
}

/** Reads when a job may start, as milliseconds since 1970 UTC. What clocks show twice, or leave out: `zones/calendar.ts`. */
function atStart<Given extends Sent>({
  runAfter,
  timeZone = utc,
  runAfterShown,
  ...rest
}: Given): Omit<Given, keyof Sent> & { runAfter?: number | null } {
  if (runAfter === undefined) return rest
  if (runAfter === null) return { ...rest, runAfter }
  const shown = runAfterShown ? readMoment(runAfterShown, utc) : null
  const isAsShown = shown !== null && localText(shown, timeZone) === runAfter
  return { ...rest, runAfter: isAsShown ? shown : readMoment(runAfter, timeZone) }
}

/** A new job's fields one by one. */
export const jobFields = fields

/** A new job. Optional fields: null or left out means the default. */
export const newJobInput = z.object({ ...fields, timeZone }, anObject).transform(atStart)
export type NewJobInput = z.output<typeof newJobInput>

/** A change: only what is given changes; null clears an optional field or sets its default. */
export const jobChangeInput = z
  .object({ ...fields, timeZone, version }, anObject)
  .partial()
  .transform(atStart)
export type JobChangeInput = z.output<typeof jobChangeInput>

/** A change by form, which sends all of a job. */
export const jobChangeForm = z
  .object({ ...fields, timeZone, runAfterShown, version }, anObject)
  .transform(atStart)

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
