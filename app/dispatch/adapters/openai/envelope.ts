import { isLosslessNumber, parse, stringify } from 'lossless-json'

/** How an answer was asked for: by a schema, as any JSON object, or as plain text. */
export type Format = 'json_schema' | 'json_object' | 'text'

/** What an answer comes to; null where there is nothing in it. `result` is JSON text, its numbers as they were written. */
export type Content = { question: string } | { result: string } | null

const thoughts = /^\s*<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/
/** A server's template may have opened them, so that only their end is seen. */
const endOfThoughts = /^[\s\S]*?\n<\/think(?:ing)?>[^\S\n]*(?=\n|$)/
const fence = /^```(?:json)?[^\S\n]*\n([\s\S]*?)\n?```$/i
/** How models write null where they should not. */
const noQuestion = /^\s*(?:null|none|no question|n\/a)?\.?\s*$/i

/** Without what the model thought before it answered; '' while it still thinks. */
export const withoutThoughts = (text: string): string => text.replace(thoughts, '').trim()

/** Reads the envelope `{question, result}`. Text that is none is the result as it stands. */
export function readAnswer(text: string, format: Format): Content {
  const whole = withoutThoughts(text).replace(endOfThoughts, '').trim()
  if (whole === '') return null
  const object = readObject(fence.exec(whole)?.[1] ?? whole)
  if (object && isEnvelope(object)) return readEnvelope(object)
  // asked for JSON, the model may leave out the envelope around it
  if (object && format !== 'text') return { result: stringify(object) ?? 'null' }
  return { result: JSON.stringify(whole) }
}

function readEnvelope({ question, result }: Record<string, unknown>): Content {
  if (typeof question === 'string' && !noQuestion.test(question)) return { question: question.trim() }
  if (result === undefined || result === null) return null
  if (typeof result === 'string' && result.trim() === '') return null
  return { result: stringify(result) ?? 'null' }
}

const isEnvelope = (object: Record<string, unknown>) =>
  Object.keys(object).length > 0 && Object.keys(object).every((key) => key === 'question' || key === 'result')

/** JSON.parse rounds numbers past 2^53; the result goes on the record as it was written. */
function readObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    const value = parse(text, null, { onDuplicateKey: ({ newValue }) => newValue })
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
