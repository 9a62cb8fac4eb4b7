import { z } from 'zod'
import { listScopes } from '~db/vocabulary'
import { longestViewName, longestViewQuery } from './view'

/** The schemas of what people and scripts send about saved views, shared by forms and JSON. Pure. */

const name = z
  .string({ error: 'Give the view a name.' })
  .trim()
  .min(1, 'Give the view a name.')
  .max(longestViewName, `At most ${longestViewName} characters.`)
  .refine((value) => !/\p{Cc}/u.test(value), 'It holds a control character.')
  .transform((value) => value.toWellFormed())

/** A query string, with or without its `?`; empty for the whole list. */
const query = z
  .string({ error: 'Give the list’s query string.' })
  .max(longestViewQuery, `At most ${longestViewQuery} characters.`)

/** A ticked box of a form says `on`, one that is not ticked says nothing. */
const ticked = z.preprocess(
  (value) => (value === 'on' ? true : value),
  z.boolean('Say true or false.').default(false),
)

export const newViewInput = z.object({
  name,
  scope: z.enum(listScopes, `scope is one of ${listScopes.join(', ')}.`).default('own'),
  query: query.default(''),
  shared: ticked,
})
export type NewViewInput = z.output<typeof newViewInput>

/** A form sends all of it. */
export const viewForm = z.object({ name, shared: ticked })

/** A script sends what is to change. */
export const viewPatch = z
  .object({
    name: name.optional(),
    query: query.optional(),
    shared: z.boolean('Say true or false.').optional(),
  })
  .strict()
export type ViewPatch = z.output<typeof viewPatch>
