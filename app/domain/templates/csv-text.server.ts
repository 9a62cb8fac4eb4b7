import { refuseCsv } from './csv-rows.server'
import { csvTooLarge, mostCsvBytes } from './input'

/** The whole text of a file. @throws {Invalid} at `csv` if it is no text, or larger than `mostCsvBytes` */
export async function shortText(file: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of csvText(file)) {
    text += piece
    if (text.length > mostCsvBytes) throw refuseCsv(csvTooLarge)
  }
  return text
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
