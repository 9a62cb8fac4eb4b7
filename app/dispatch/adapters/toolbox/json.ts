import { isLosslessNumber, parse } from 'lossless-json'
import { type JsonPath, parsePath, pick } from './json-path'
import { lineAndColumn, Refusal } from './refusal'

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

export interface JsonReport {
  valid: true
  type: JsonType
  /** Objects, arrays and plain values together. */
  nodes: number
  depth: number
  /** Names an object gives twice with different values: valid by RFC 8259, but readers differ on which one counts. */
  duplicateNames: string[]
}

export interface JsonPick {
  path: string
  matches: number
  /** Numbers are LosslessNumber, so no digit is lost. */
  values: unknown[]
}

/** JSON text as values; numbers stay exact. Throws Refusal, saying where it is wrong. */
export function readJson(text: string): { document: unknown; duplicateNames: string[] } {
  const duplicates = new Set<string>()
  try {
    const document = parse(text, null, {
      onDuplicateKey: ({ key, newValue }) => {
        duplicates.add(key)
        return newValue
      },
    })
    return { document, duplicateNames: [...duplicates] }
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('The JSON cannot be read: it is nested too deeply.')
    if (!(error instanceof SyntaxError)) throw error
    throw new Refusal(`The JSON is not valid: ${whereItBreaks(text, error.message)}.`)
  }
}

export function describeJson(document: unknown, duplicateNames: string[]): JsonReport {
  let nodes = 0
  let depth = 0
  let level = [document]
  while (level.length > 0) {
    nodes += level.length
    depth++
    level = level.flatMap(children)
  }
  return { valid: true, type: jsonType(document), nodes, depth, duplicateNames }
}

/** What `path` (see parsePath) picks from `document`. Throws Refusal where the path is wrong or picks nothing. */
export function pickJson(document: unknown, path: string): JsonPick {
  const parsed: JsonPath = parsePath(path)
  const values = pick(document, parsed)
  return { path, matches: values.length, values }
}

export function jsonType(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isLosslessNumber(value)) return 'number'
  return typeof value as JsonType
}

/** The values inside an array or an object, in order; none in anything else. */
export function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null && !isLosslessNumber(value) ? Object.values(value) : []
}

function whereItBreaks(text: string, message: string): string {
  const found = /^(.*) at position (\d+)$/s.exec(message)
  if (!found) return message
  const { line, column } = lineAndColumn(text, Number(found[2]))
  return `${found[1]} at line ${line}, column ${column}`
}
