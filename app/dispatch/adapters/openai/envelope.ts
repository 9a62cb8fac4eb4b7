import { isLosslessNumber, parse, stringify } from 'lossless-json'
import { wellFormedJson } from '~/domain/well-formed'
import type { ToolCall } from './answer'

/** How an answer was asked for: by a schema, as any JSON object, or as plain text. */
export type Format = 'json_schema' | 'json_object' | 'text'

/** What an answer comes to; null where there is nothing in it. `result` is JSON text, its numbers as they were written. */
export type Content = { question: string } | { result: string } | null

const opening = /^\s*<think(?:ing)?>/
/** They end where text follows the tag directly, or a line break, or JSON: "<think>a</think> is a tag" is an answer. */
const thoughts = /^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>(?=[^\s,.;:!?)]|[^\S\n]*(?:[\n{]|$))/
const closing = /<\/think(?:ing)?>/
/** A server's template may have opened them, so that only their end is seen. */
const endOfThoughts = /^[\s\S]*?\n<\/think(?:ing)?>[^\S\n]*(?=\n|$)/
const fence = /^```(?:json)?[^\S\n]*\n([\s\S]*?)\n?```$/i
/** How models write null where they should not. */
const noQuestion = /^\s*(?:null|none|no question|n\/a)?\.?\s*$/i

/**
 * A whole answer without what the model thought before it; '' where it thought only. Text that shows such tags
 * elsewhere stays as it is.
 */
export const withoutThoughts = (text: string): string =>
  (opening.test(text) && !closing.test(text) ? '' : text.replace(thoughts, '')).trim()

/** The same of an answer that still grows: '' until its thoughts have surely ended. */
export const shownWithoutThoughts = (soFar: string): string => {
  if (!opening.test(soFar)) return soFar.trim()
  const [thought = ''] = thoughts.exec(soFar) ?? []
  return thought === '' ? '' : soFar.slice(thought.length).trim()
}

/** Reads the envelope `{question, result}`. Text that is none is the result as it stands. */
export function readAnswer(text: string, format: Format): Content {
  const whole = withoutThoughts(text.toWellFormed())
  if (whole === '') return null
  // where no JSON follows the end of thoughts, they may as well be an answer that shows the tag
  const content = readJson(whole, format) ?? readJson(whole.replace(endOfThoughts, '').trim(), format)
  return content === undefined ? { result: JSON.stringify(whole) } : content
}

/** What the JSON object of an answer says; undefined where it is plain text. */
function readJson(whole: string, format: Format): Content | undefined {
  const object = readObject(fence.exec(whole)?.[1] ?? whole)
  if (object && isEnvelope(object)) return readEnvelope(object)
  // asked for JSON, the model may leave out the envelope around it
  return object && format !== 'text' ? { result: stringify(object) ?? 'null' } : undefined
}

function readEnvelope({ question, result }: Record<string, unknown>): Content {
  if (typeof question === 'string' && !noQuestion.test(question)) return { question: question.trim() }
  if (result === undefined || result === null) return null
  if (typeof result === 'string' && result.trim() === '') return null
  return { result: stringify(result) ?? 'null' }
}

/**
 * The envelope in the arguments of a tool call: some servers answer so where a schema was asked for. Undefined where it is
 * none.
 */
export function readToolCall({ arguments: json }: ToolCall): Content | undefined {
  const object = readObject(json)
  return object && isEnvelope(object) ? readEnvelope(object) : undefined
}

const isEnvelope = (object: Record<string, unknown>) =>
  Object.keys(object).length > 0 && Object.keys(object).every((key) => key === 'question' || key === 'result')

/** JSON.parse rounds numbers past 2^53; the result goes on the record as it was written. */
function readObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    const value = parse(wellFormedJson(text), null, { onDuplicateKey: ({ newValue }) => newValue })
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
