import { wellFormedJson } from '~/domain/well-formed'

/** How answers become JSON text. Stored JSON goes into it as it is: parsing it would cost time and digits. */

export type JsonPart = string | Uint8Array

/** JSON text, in one part or several; bytes are UTF-8. */
export class RawJson {
  constructor(readonly parts: readonly JsonPart[]) {}
}

/** Stored JSON text for an answer; text that is not JSON becomes a string. */
export function storedJson(text: string | null): RawJson | string | null {
  if (text === null) return null
  try {
    JSON.parse(text)
    return new RawJson([text])
  } catch {
    return text
  }
}

/** The JSON text of a presented value, which may hold `RawJson`. */
export function jsonParts(value: unknown): JsonPart[] {
  const parts: JsonPart[] = []
  let text = ''
  const flush = () => {
    // whatever older rows hold
    if (text) parts.push(wellFormedJson(text))
    text = ''
  }
  const put = (part: JsonPart) => {
    if (typeof part === 'string') {
      text += part
      return
    }
    flush()
    parts.push(part)
  }
  const write = (each: unknown) => {
    if (each instanceof RawJson) for (const part of each.parts) put(part)
    else if (Array.isArray(each)) writeAll('[', ']', each.entries(), () => '')
    else if (typeof each === 'object' && each !== null) {
      const fields = Object.entries(each).filter(([, field]) => field !== undefined)
      writeAll('{', '}', fields, (name) => `${JSON.stringify(name)}:`)
    } else put(JSON.stringify(each) ?? 'null')
  }
  const writeAll = <Key>(
    begin: string,
    end: string,
    entries: Iterable<[Key, unknown]>,
    before: (key: Key) => string,
  ) => {
    let comma = begin
    for (const [key, each] of entries) {
      put(comma + before(key))
      write(each)
      comma = ','
    }
    put(comma === begin ? begin + end : end)
  }
  write(value)
  flush()
  return parts
}

/** The same as one text. @throws where a part is bytes: those are too long for one text */
export function toJson(value: unknown): string {
  const parts = jsonParts(value)
  if (parts.some((part) => typeof part !== 'string')) throw new Error('A long result is streamed.')
  return parts.join('')
}

/** Slices of stored JSON text, as they are where its strings are well-formed. */
export function wellFormedSlices(slices: Uint8Array[]): JsonPart[] {
  const whole = Buffer.concat(slices)
  const hasSurrogates = whole.includes(String.raw`\ud`) || whole.includes(String.raw`\uD`)
  return hasSurrogates ? [wellFormedJson(whole.toString())] : slices
}
