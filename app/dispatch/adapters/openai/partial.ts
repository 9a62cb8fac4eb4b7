import { beginning } from '~/domain/beginning'
import type { AgentEvent } from '../adapter'
import { shownWithoutThoughts } from './envelope'

/** A row is written when so much has come, or after so long. */
const rowCharacters = 400
const rowMs = 1000
/** Rows of partial text in an attempt. */
const maxRows = 200

const envelopeStart = 100
const textResult = /^\s*\{\s*(?:"question"\s*:\s*null\s*,\s*)?"result"\s*:\s*"/

/**
 * What people are shown of an answer that is still being written: without thoughts, and of an envelope the text of its
 * result. More text coming only adds to what was shown.
 */
export function shown(soFar: string): string {
  if (/^\s*<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?)?$/.test(soFar)) return ''
  const text = shownWithoutThoughts(soFar)
  const open = textResult.exec(text.slice(0, envelopeStart))
  if (open) return decoded(text.slice(open[0].length))
  // what begins like JSON may yet prove an envelope
  return text.startsWith('{') && text.length < envelopeStart ? '' : text
}

/** A JSON string's text up to its closing quote, or to what there is of it. */
function decoded(json: string): string {
  let end = 0
  while (end < json.length && json[end] !== '"') {
    const length = json[end] !== '\\' ? 1 : json[end + 1] === 'u' ? 6 : 2
    if (end + length > json.length) break
    end += length
  }
  const body = json.slice(0, end)
  try {
    return String(JSON.parse(`"${body.replace(/\p{Cc}/gu, escaped)}"`))
  } catch {
    return body
  }
}

/** Models write line breaks into strings as they are. */
const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Writes the text of answers to the log while it comes, in pieces that end with a line or a word.
 * `secretLength`: so much is held back where text has no spaces, so that no secret is cut in two and slips through.
 */
export function partialLog(record: (event: AgentEvent) => Promise<void>, secretLength: number) {
  let rows = 0
  return () => {
    let looked = 0
    let written = 0
    let step = rowCharacters
    let last = performance.now()

    async function write(piece: string): Promise<void> {
      written += piece.length
      if (piece.trim() === '' || rows > maxRows) return
      const full = rows++ === maxRows
      const message = full
        ? `More text comes than the ${maxRows} rows that are shown while it is written.`
        : piece.trim()
      await record({ kind: 'message', message })
    }

    return {
      /** Called with all the text so far. */
      async grow(soFar: string): Promise<void> {
        const now = performance.now()
        if (soFar.length - looked < step && now - last < rowMs) return
        looked = soFar.length
        last = now
        if (rows > maxRows) return
        const before = rows
        const fresh = shown(soFar).slice(written)
        await write(fresh.slice(0, wholeEnd(fresh, secretLength)))
        // each look reads all of the text: long thoughts are looked at ever less often
        step = rows > before ? rowCharacters : Math.max(rowCharacters, looked / 8)
      },
      /** Called with the whole text: writes what is left. */
      end: (whole: string) => write(shown(whole).slice(written)),
    }
  }
}

/** Where to cut: after the last line, else after the last word, else before what could be the start of a secret. */
function wholeEnd(text: string, secretLength: number): number {
  const line = text.lastIndexOf('\n') + 1
  if (line > 0) return line
  const word = text.search(/\s\S*$/) + 1
  if (word > 0) return word
  // the last character may not be whole yet
  return beginning(text, Math.max(0, text.length - Math.max(secretLength, 1))).length
}
