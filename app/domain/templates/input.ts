import { z } from 'zod'
import { jobFields } from '../jobs/input'
import { recordInput } from '../record-input'
import { normalValue, problemWith, variablesIn } from './fill'
import { type TemplateJob, type TemplateVariable, variableTypes } from './view'

/** What people and scripts send about templates. Pure. */

/** So many fit into one form. */
export const mostVariables = 15

const { name, description, acceptanceCriteria, agentId, priority, maxAttempts, timeoutSeconds, review } =
  jobFields

const plain = (label: string, max: number) =>
  z
    .string(`Give ${label}.`)
    .overwrite((value) => value.replace(/\r\n?/g, '\n').toWellFormed().trim())
    .max(max, `At most ${max.toLocaleString('en')} characters.`)
    .refine((value) => !value.includes('\0'), 'It holds a NUL character.')

const line = (label: string, max: number) =>
  plain(label, max)
    .min(1, `Give ${label}.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'It holds a control character.')

/** A new job's fields, as far as they can be checked before its blanks are filled. */
const job = z
  .object(
    {
      ...{ name, description, acceptanceCriteria, agentId, priority, maxAttempts, timeoutSeconds, review },
      tags: z.array(plain('a tag', 100), 'Tags are an array of words.').max(20, 'At most 20 tags.').nullish(),
      metadata: recordInput(
        z.string().max(50),
        plain('a value', 500),
        'Metadata is an object of texts.',
      ).nullish(),
    },
    'Send the job’s fields as an object.',
  )
  .transform(
    (given): TemplateJob => ({
      ...{ name: given.name, description: given.description, acceptanceCriteria: given.acceptanceCriteria },
      agentId: given.agentId ?? null,
      priority: given.priority ?? null,
      maxAttempts: given.maxAttempts ?? null,
      timeoutSeconds: given.timeoutSeconds ?? null,
      review: given.review ?? null,
      tags: given.tags ?? [],
      metadata: given.metadata ?? {},
    }),
  )

const variableName = z
  .string('Give the variable a name.')
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, 'A name is a letter and up to 49 letters, digits or underscores.')

const variable = z
  .object(
    {
      name: variableName,
      label: plain('a label', 100).nullish(),
      type: z.enum(variableTypes, `The type is one of ${variableTypes.join(', ')}.`).default('text'),
      required: z.boolean('required is true or false.').default(true),
      default: plain('a default', 20_000).nullish(),
      choices: z
        .array(line('each choice', 200), 'Choices are an array of texts.')
        .max(50, 'At most 50 choices.')
        .nullish(),
    },
    'A variable is an object.',
  )
  .transform(
    ({ label, default: preset, choices, ...rest }): TemplateVariable => ({
      ...rest,
      label: label || wordsOf(rest.name),
      default: preset ? normalValue(rest, preset) : null,
      ...(rest.type === 'choice' && { choices: [...new Set(choices ?? [])] }),
    }),
  )
  .superRefine((given, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', message: `${given.name}: ${message}` })
    if (given.type === 'choice' && given.choices?.length === 0) refuse('Give its choices.')
    else if (given.default !== null) {
      const problem = problemWith(given, given.default)
      if (problem) refuse(`The default does not fit. ${problem}`)
    }
  })

/** `report_date` as a form may show it: Report date. */
export const wordsOf = (name: string) => {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const fields = {
  name: line('the template a name', 200),
  description: plain('a description', 2000),
  shared: z.boolean('shared is true or false.'),
  job,
  variables: z.array(variable, 'Variables are an array.'),
}

const anObject = 'Send an object with the fields.'

/**
 * The variables of a job's texts in their order: as described, and a required text where nobody described it.
 *
 * @returns what is wrong, in a sentence, where it can't be
 */
export function describedIn(
  job: TemplateJob,
  variables: TemplateVariable[],
): { variables: TemplateVariable[]; problem?: string } {
  const used = variablesIn(job)
  const names = variables.map((each) => each.name)
  const unused = names.find((each) => !used.includes(each))
  if (unused) return { variables, problem: `No text of the job uses {{${unused}}}.` }
  if (new Set(names).size < names.length) return { variables, problem: 'Each variable is described once.' }
  if (used.length > mostVariables) return { variables, problem: `At most ${mostVariables} variables.` }
  return {
    variables: used.map(
      (name): TemplateVariable =>
        variables.find((each) => each.name === name) ?? {
          ...{ name, label: wordsOf(name), type: 'text', required: true, default: null },
        },
    ),
  }
}

export const newTemplateInput = z
  .object(
    {
      ...fields,
      description: fields.description.default(''),
      shared: fields.shared.default(false),
      variables: fields.variables.default([]),
    },
    anObject,
  )
  .transform((given, context) => {
    const { problem, ...described } = describedIn(given.job, given.variables)
    if (problem === undefined) return { ...given, ...described }
    context.addIssue({ code: 'custom', path: ['variables'], message: problem })
    return z.NEVER
  })
export type NewTemplateInput = z.output<typeof newTemplateInput>

/** Only what is given changes; `version`, where given, must match. */
export const templateChangeInput = z
  .object({ ...fields, version: z.int('The version is a whole number.').min(1).nullish() }, anObject)
  .partial()
export type TemplateChangeInput = z.output<typeof templateChangeInput>

export const templateVerbInput = z.object(
  {
    version: z.preprocess(
      (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
      z.int('The version is a whole number.').min(1).nullish(),
    ),
    /** Whether it goes though schedules use it. */
    force: z.preprocess(
      (value) => (value === 'true' ? true : value),
      z.boolean('force is true or false.').nullish(),
    ),
  },
  anObject,
)

/** Values by the variable's name. JSON's numbers come as they were written (`method`'s `digitsOf`). */
export const variableValues = recordInput(
  z.string(),
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
    z.string('A value is a text.').max(20_000, 'At most 20,000 characters.'),
  ),
  'The values are an object of texts.',
)

/** The values for one job. */
export const templateValuesInput = z.object({ values: variableValues.default({}) }, anObject)

/** A CSV text by JSON; with `dryRun` nothing is made. */
export const csvInput = z.object(
  {
    csv: z.string('Give the CSV text.').min(1, 'Give the CSV text.'),
    onlyGood: z.boolean('onlyGood is true or false.').default(false),
    dryRun: z.boolean('dryRun is true or false.').default(false),
  },
  anObject,
)

/** What can be looked at can be sent once more with the form that makes the jobs: a body has at most 1 MiB. */
export const mostCsvBytes = 1_000_000
/** A form sends each line's end as two characters. */
export const sentBytes = (text: string) =>
  new TextEncoder().encode(text.replace(/\r\n?|\n/g, '\r\n')).byteLength

/** The same by form: an uploaded file's text or a typed one, looked at first (`make` is empty). */
export const csvForm = z
  .object({
    csv: z.string().optional(),
    file: z.string().optional(),
    make: z.enum(['all', 'good']).optional(),
    idempotencyKey: z.string().max(200).optional(),
  })
  .transform(({ csv = '', file = '', ...rest }, context) => {
    const text = file.trim() === '' ? csv : file
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['csv'], message })
    if (text.trim() === '') refuse('Choose a file, or type the rows.')
    else if (sentBytes(text) > mostCsvBytes)
      refuse(`It is larger than ${mostCsvBytes.toLocaleString('en')} bytes. Upload it as a file.`)
    else return { ...rest, csv: text }
    return z.NEVER
  })
