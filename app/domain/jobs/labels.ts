import { z } from 'zod'

/** Tags and custom metadata of a job: how they are typed, checked and kept. */

export const mostTags = 20
export const mostMetadata = 20

const tagShape = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,49}$/u
const keyShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/
const tagRule = 'A tag is up to 50 letters, digits, dots, dashes, slashes or underscores, without spaces.'
const keyRule = 'A key is up to 50 letters, digits, dots, dashes or underscores.'

/** A tag as it is kept and compared. */
export const normalTag = (tag: string) => tag.normalize('NFC').toLowerCase()

export const tagInput = z
  .string('Give a tag.')
  .trim()
  .transform(normalTag)
  .refine((tag) => tagShape.test(tag), tagRule)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Forms send tags as one text, parted by commas or spaces; scripts an array. */
export const tagsField = z
  .preprocess(
    (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value),
    z
      .array(tagInput, 'Tags are an array of words.')
      .transform((tags) => [...new Set(tags)].sort())
      .refine((tags) => tags.length <= mostTags, `At most ${mostTags} tags.`)
      .nullable(),
  )
  .optional()

/** Forms send metadata as lines `key=value`; scripts an object of texts (numbers and booleans are taken as text). */
export const metadataField = z
  .preprocess(
    readMetadata,
    z
      .record(
        z.string().regex(keyShape, keyRule),
        z
          .string('A value is a text.')
          .max(500, 'A value has at most 500 characters.')
          .refine(isPlain, 'It holds a NUL character.'),
        'Metadata is an object of texts.',
      )
      .refine((all) => Object.keys(all).length <= mostMetadata, `At most ${mostMetadata} keys.`)
      .transform((all) => Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))))
      .nullable(),
  )
  .optional()

function isPlain(value: string) {
  return !value.includes('\0')
}

function readMetadata(value: unknown): unknown {
  if (typeof value === 'string') {
    const lines = value.split(/\r\n?|\n/).filter((line) => line.trim() !== '')
    return Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf('=')
        return at < 0
          ? [line.trim(), undefined]
          : [
              line.slice(0, at).trim(),
              line
                .slice(at + 1)
                .trim()
                .toWellFormed(),
            ]
      }),
    )
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      typeof each === 'number' || typeof each === 'boolean'
        ? String(each)
        : typeof each === 'string'
          ? each.toWellFormed()
          : each,
    ]),
  )
}
