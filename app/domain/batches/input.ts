import { z } from 'zod'
import { type BatchKind, type BatchVerb, batchVerbs, type ListScope, listScopes } from '~db/vocabulary'
import { Invalid } from '../errors'
import { assignmentInput, completionInput, jobFields } from '../jobs/input'
import { tagInput } from '../jobs/labels'
import { recordInput } from '../record-input'
import { type BatchArgs, batchArgOf, type Choice, mostPicked } from './view'

/** What people and scripts send to make a batch. */

const verb = z.enum(batchVerbs, { error: `The verb is one of ${batchVerbs.join(', ')}.` })
const scope = z.enum(listScopes, { error: `The scope is ${listScopes.join(' or ')}.` }).default('own')
const id = z.string('An id is a text.').max(64, 'An id has at most 64 characters.')
const tooMany = `At most ${mostPicked.toLocaleString('en')} jobs can be picked one by one; a filter takes more.`

/** Fields of the verbs, as they come: which of them is needed, and what it may be, `readBatchArgs` says. */
const given = {
  agentId: z.unknown().optional(),
  reason: z.unknown().optional(),
  priority: z.unknown().optional(),
  tag: z.unknown().optional(),
}

const pickedIds = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : []),
  z.array(id).max(mostPicked, tooMany),
)

type FromList =
  | { keep: { scope: ListScope; query: string; cursor: string; ids: string[] } }
  | {
      make: { scope: ListScope; verb: BatchVerb }
      /** `orAll`: the whole list, if its address does not narrow it down. */
      jobs: { ids: string[] } | { query: string; orAll: boolean }
    }

/**
 * The bar over a list: boxes that are ticked (`id`) and those that were on other pages (`picked`, with commas between),
 * or with `all` what the list's address (`query`) narrows it down to: `1` if it does, `true` also if it does not. With a
 * `cursor` nothing is made yet: that page of the list is wanted, and what is picked kept.
 */
export const newBatchForm = z
  .object({
    verb: verb.optional(),
    scope,
    id: z.preprocess((value) => [value ?? []].flat(), z.array(id)),
    picked: pickedIds,
    query: z.string().max(4000, 'The filter is too long.').default(''),
    all: z.enum(['1', 'true'], 'Choose the jobs again.').optional(),
    cursor: z.string().max(2000).optional(),
  })
  .transform(({ verb, scope, id, picked, query, all, cursor }, context): FromList => {
    const ids = [...new Set([...picked, ...id])]
    if (cursor !== undefined) return { keep: { scope, query, cursor, ids } }
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (!all && ids.length === 0) refuse('id', 'Tick at least one job.')
    if (ids.length > mostPicked) refuse('id', tooMany)
    if (verb === undefined) {
      refuse('verb', 'Choose what is to be done.')
      return z.NEVER
    }
    return { make: { scope, verb }, jobs: all ? { query, orAll: all === 'true' } : { ids } }
  })

/** What the confirm page sends. */
export const confirmInput = z.object(given)
export type ConfirmInput = z.output<typeof confirmInput>

/** Stop, retry and drop say nothing but what they are. */
export const batchVerbInput = z.object({})

const filterShape = 'The filter is a query string, or an object of its parameters.'
const word = z.union([z.string(), z.number()], 'It is a text.').transform(String)
// an empty list is an empty parameter
const words = z.union(
  [
    word.transform((one) => [one]),
    z.array(word).transform((several) => (several.length > 0 ? several : [''])),
  ],
  'It is a text, or several.',
)

/** A list's query string, or its parameters as an object, which mean what they mean in its address. */
const filterInput = z.unknown().transform((given, context): string => {
  const asText = z.string(filterShape).max(4000, 'The filter is too long.').safeParse(given)
  if (asText.success) return asText.data.replace(/^\?/, '')
  const asObject = recordInput(z.string(), words, filterShape).safeParse(given)
  const { error, data } = typeof given === 'string' ? asText : asObject
  for (const { path, message } of error?.issues ?? [])
    context.addIssue({
      code: 'custom',
      message: path.length > 0 ? `${String(path[0])}: ${message}` : message,
    })
  if (!data || typeof data === 'string') return z.NEVER
  const pairs = Object.entries(data).flatMap(([name, values]) => values.map((value) => [name, value]))
  return new URLSearchParams(pairs).toString()
})

/** `POST /api/batches`. */
export const newBatchJson = z
  .object(
    {
      verb,
      scope,
      ids: z.array(id, 'The ids are an array of texts.').max(mostPicked, tooMany).optional(),
      filter: filterInput.optional(),
      all: z.boolean('all is true or false.').default(false),
      expectedCount: z
        .int('expectedCount is a whole number.')
        .min(0, 'expectedCount is a whole number.')
        .optional(),
      dryRun: z.boolean('dryRun is true or false.').default(false),
      ...given,
    },
    'Send an object with the fields.',
  )
  .transform(({ ids, filter, all, ...rest }, context) => {
    // an empty filter beside `all` says the same
    const choices: Choice[] = [
      ...(ids ? [{ ids }] : []),
      ...(filter === undefined || (all && filter === '') ? [] : [{ query: filter }]),
      ...(all ? [{ all }] : []),
    ]
    const [choice, another] = choices
    if (choice && !another) return { ...rest, choice }
    context.addIssue({ code: 'custom', path: ['ids'], message: 'Give one of ids, filter, or all: true.' })
    return z.NEVER
  })

const argInput = {
  agentId: assignmentInput.shape.agentId,
  reason: completionInput.shape.reason,
  priority: jobFields.priority,
  tag: tagInput,
} satisfies Record<keyof BatchArgs, z.ZodType>

/** The verb's own argument out of what was sent; what it does not need is left out. @throws {Invalid} on its field */
export function readBatchArgs(verb: BatchKind, sent: ConfirmInput): BatchArgs {
  const field = batchArgOf[verb]
  if (!field) return {}
  const { success, data, error } = argInput[field].safeParse(sent[field])
  if (!success) throw new Invalid({ [field]: error.issues.map(({ message }) => message) })
  if (data === undefined || data === null)
    throw new Invalid({ [field]: ['Priority is a whole number from 0 to 9.'] })
  return { [field]: data }
}
