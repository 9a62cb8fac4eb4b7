import { beginning, mostOfPayload } from '~/domain/beginning'
import { jsonField, jsonString } from './pretty-json'

/** The most that a page shows of one text, in characters; the API gives the whole. */
export const shown = {
  result: 50_000,
  /** Nobody reads more of an image as text. */
  imageSource: 1000,
  summary: 5000,
  payload: mostOfPayload,
} as const

/** JSON text, or the beginning of it. */
export interface Excerpt {
  /** Where it is cut, a string is closed again; anything else just ends. */
  json: string
  cut: boolean
  /** Whether something was taken out of it before it was kept, also past the cut. */
  isRedacted: boolean
  /** Of the whole; of a string's own text. */
  characters: number
  /** Of the whole, where its characters were not counted. */
  bytes?: number
  /** The address of the whole. */
  whole: string
}

/** A result, with what it says of itself. */
export interface ResultExcerpt extends Excerpt {
  summary?: string
}

/** @param whole the address of the whole */
export function excerpt(json: string, most: number, whole: string): Excerpt {
  const isRedacted = json.includes('[redacted]')
  if (json.length <= most) return { json, cut: false, isRedacted, characters: json.length, whole }
  const text = jsonString(json)
  const cut = text === undefined ? beginning(json, most) : JSON.stringify(beginning(text, most))
  const { length } = text ?? json
  return { json: cut, cut: length > most, isRedacted, characters: length, whole }
}

export function resultExcerpt(json: string, whole: string, most: number = shown.result): ResultExcerpt {
  const summary = jsonField(json, 'summary')
  return { ...excerpt(json, most, whole), summary: summary && beginning(summary, shown.summary) }
}
