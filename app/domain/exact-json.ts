import { parse, stringify } from 'lossless-json'

/** A number as it was written, with every digit. */
export class ExactNumber {
  constructor(readonly written: string) {}
}

export interface ExactJson {
  root: unknown
  /** A name that stands more than once in one object, where there is one: of its values the last is here. */
  repeated: string | null
}

/**
 * JSON text as values whose numbers keep their digits. A number is known by its class: an object can't pass for one,
 * whatever its fields are called.
 * @throws {SyntaxError} where it is no JSON
 * @throws {RangeError} where it nests deeper than can be read
 */
export function exactJson(text: string): ExactJson {
  let repeated: string | null = null
  const root = parse(text, null, {
    parseNumber: (written) => new ExactNumber(written),
    onDuplicateKey: ({ key, newValue }) => {
      repeated ??= key
      return newValue
    },
  })
  return { root, repeated }
}

const exactNumbers = {
  test: (value: unknown) => value instanceof ExactNumber,
  stringify: (value: unknown) => (value as ExactNumber).written,
}

/** The same as text, laid out. */
export const exactText = (value: unknown): string => stringify(value, null, 2, [exactNumbers]) ?? ''
