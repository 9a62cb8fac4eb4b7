import { refuseCsv } from './csv-rows.server'
import { mostCsvBytes, sentBytes } from './input'

/**
 * The whole text if it is short enough to be sent once more with a form, else all of it in pieces.
 *
 * @throws {Invalid} as `csvText`
 */
export async function shortOrLong(
  file: AsyncIterable<Uint8Array>,
): Promise<{ short: string } | { long: AsyncIterable<string> }> {
  const pieces = csvText(file)
  let short = ''
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    short += next.value
    if (short.length > mostCsvBytes) return { long: after(short, pieces) }
  }
  return sentBytes(short) > mostCsvBytes ? { long: after(short, pieces) } : { short }
}

async function* after(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield first
  yield* rest
}

/**
 * A file as text: UTF-8, or UTF-16 if it begins with that byte order mark (Excel's “Unicode Text”).
 *
 * @throws {Invalid} at `csv` if it is neither
 */
export async function* csvText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let decoder: TextDecoder | undefined
  let held = new Uint8Array()
  try {
    for await (const piece of bytes) {
      held = held.length > 0 ? Buffer.concat([held, piece]) : new Uint8Array(piece)
      if (held.length < 2) continue
      decoder ??= new TextDecoder(encodingOf(held), { fatal: true })
      yield decoder.decode(held, { stream: true })
      held = new Uint8Array()
    }
    yield (decoder ?? new TextDecoder('utf-8', { fatal: true })).decode(held)
  } catch (error) {
    if (
      !(error instanceof TypeError) ||
      !('code' in error) ||
      error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
    )
      throw error
    throw refuseCsv('It is not UTF-8 text. Save it as “CSV UTF-8”.')
  }
}

function encodingOf([first, second]: Uint8Array) {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return 'utf-8'
}
