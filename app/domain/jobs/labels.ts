import { z } from 'zod'
import { beginning } from '../beginning'
import { recordInput } from '../record-input'

/** Tags and custom metadata of a job: how they are typed, checked and kept. */

export const mostTags = 20
export const mostMetadata = 20

const tagShape = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,49}$/u
const keyShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/
const tagRule = 'A tag is up to 50 letters, digits, dots, dashes, slashes or underscores, without spaces.'
const keyRule = 'A key is up to 50 letters, digits, dots, dashes or underscores.'

/** A tag as it is kept and compared. */
export const normalTag = (tag: string) => tag.normalize('NFC').toLowerCase()

/** How the text index spells a label, so that no tokenizer parts it: `t` or `m` and the hex of its UTF-8. */
export const labelOf = (kind: 't' | 'm', text: string) =>
  kind +
  [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()

export const tagInput = z
  .string('Give a tag.')
  .trim()
  .transform(normalTag)
  .refine((tag) => tagShape.test(tag), tagRule)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const manyTags = z
  .array(
    z
      .string('Tags are an array of words.')
      .trim()
      .transform(normalTag)
      .refine((tag) => tagShape.test(tag), {
        error: ({ input }) => `${tagRule} This is none: ${beginning(String(input), 60)}`,
      }),
    'Tags are an array of words.',
  )
  .transform((tags) => [...new Set(tags)].sort())
  .refine((tags) => tags.length <= mostTags, `At most ${mostTags} tags.`)

/** Forms send tags as one text, parted by commas or spaces; scripts an array. */
export const tagsField = wholeField(
  (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value),
  manyTags,
)

const manyValues = recordInput(
  z.string().regex(keyShape, keyRule),
  z
    .string('A value is a text.')
    .trim()
    .max(500, 'A value has at most 500 characters.')
    .refine((value) => !/\p{Cc}/u.test(value), 'A value is one line without control characters.'),
  ({ code, input }) => whyNoRecord(code, input),
)
  .refine((all) => Object.keys(all).length <= mostMetadata, `At most ${mostMetadata} keys.`)
  .transform((all) => Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))))

function whyNoRecord(code: string, input: unknown): string {
  if (code === 'invalid_key') return keyRule
  return typeof input === 'string' ? 'Give each line as key=value.' : 'Metadata is an object of texts.'
}

/** Forms send metadata as lines `key=value`; scripts an object of texts (numbers and booleans are taken as text). */
export const metadataField = wholeField(readMetadata, manyValues)

/** One field of a form, whatever in it is wrong: a message has no place beside a part of it. Null clears it. */
function wholeField<Value>(read: (value: unknown) => unknown, schema: z.ZodType<Value>) {
  return z
    .unknown()
    .transform((value, context): Value | null => {
      if (value === null) return null
      const parsed = schema.safeParse(read(value))
      if (parsed.success) return parsed.data
      for (const message of new Set(parsed.error.issues.map((issue) => issue.message))) {
        context.addIssue({ code: 'custom', message })
      }
      return z.NEVER
    })
    .optional()
}

function readMetadata(value: unknown): unknown {
  if (typeof value === 'string') {
    const lines = value.split(/\r\n?|\n/).filter((line) => line.trim() !== '')
    if (lines.some((line) => !line.includes('='))) return value
    return Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf('=')
        return [line.slice(0, at).trim(), line.slice(at + 1).toWellFormed()]
      }),
    )
  }
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asText(each)]))
}

function asText(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
