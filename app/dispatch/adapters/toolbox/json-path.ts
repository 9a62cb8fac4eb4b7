import { isLosslessNumber } from 'lossless-json'
import { Refusal } from './refusal'

/**
 * The part of JSONPath (RFC 9535) the toolbox knows: `$`, `.name`, `['name']`, `[0]`, `[-1]`, `[*]`, `.*` and `..`.
 * Libraries have it all, but they know numbers only as doubles, and filters with regular expressions or a few `..`
 * over a large document can hold up the server, in whose process this runs. Hence no filters, slices or unions, and a
 * bound on how much one path may pick.
 */
type Selector = { kind: 'name'; name: string } | { kind: 'index'; index: number } | { kind: 'all' }
type Step = { selector: Selector; descend: boolean; text: string }
export type JsonPath = Step[]

const maxPicked = 100_000
const knownSteps = "It knows $, .name, ['name'], [0], [-1], [*], .* and .. (no filters, slices or unions)."

const token =
  /(?<dots>\.\.?)(?<bare>[\p{L}_][\p{L}\p{N}_-]*|\*)|(?<deep>\.\.)?\[\s*(?:(?<index>0|-?[1-9]\d{0,15})|(?<star>\*)|(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*\]/uy

/** Throws Refusal, saying from where on the path is not understood. */
export function parsePath(path: string): JsonPath {
  if (!path.startsWith('$')) throw new Refusal(`A path starts with $. ${knownSteps}`)
  const steps: JsonPath = []
  token.lastIndex = 1
  while (token.lastIndex < path.length) {
    const at = token.lastIndex
    const groups = token.exec(path)?.groups
    if (!groups) throw new Refusal(`The path is not understood from “${path.slice(at)}” on. ${knownSteps}`)
    const { dots, bare, deep, index, star, quoted } = groups
    steps.push({
      text: path.slice(at, token.lastIndex),
      descend: dots === '..' || deep === '..',
      selector:
        bare === '*' || star
          ? { kind: 'all' }
          : index !== undefined
            ? { kind: 'index', index: Number(index) }
            : { kind: 'name', name: bare ?? unquote(quoted ?? '') },
    })
  }
  return steps
}

/** The values the path leads to, in document order. Throws Refusal where it leads nowhere, saying where it stops. */
export function pick(document: unknown, path: JsonPath): unknown[] {
  let values = [document]
  let done = '$'
  for (const step of path) {
    const found = (step.descend ? withDescendants(values) : values).flatMap((value) =>
      select(value, step.selector),
    )
    if (found.length > maxPicked) throw new Refusal(`The path picks more than ${maxPicked} values.`)
    if (found.length === 0) throw new Refusal(nothing(done, step, values))
    values = found
    done += step.text
  }
  return values
}

function select(value: unknown, selector: Selector): unknown[] {
  if (Array.isArray(value)) {
    if (selector.kind === 'all') return value
    if (selector.kind === 'name') return []
    const at = selector.index < 0 ? value.length + selector.index : selector.index
    return at in value ? [value[at]] : []
  }
  if (!isObject(value) || selector.kind === 'index') return []
  if (selector.kind === 'all') return Object.values(value)
  return Object.hasOwn(value, selector.name) ? [value[selector.name]] : []
}

function withDescendants(values: unknown[]): unknown[] {
  const all: unknown[] = []
  // a stack of its own: documents may be nested deeper than calls can be
  const waiting = [...values].reverse()
  while (waiting.length > 0) {
    const value = waiting.pop()
    all.push(value)
    if (all.length > maxPicked) throw new Refusal(`The path visits more than ${maxPicked} values.`)
    const inner = select(value, { kind: 'all' })
    for (let at = inner.length - 1; at >= 0; at--) waiting.push(inner[at])
  }
  return all
}

function nothing(done: string, step: Step, values: unknown[]): string {
  const only = values.length === 1 ? values[0] : undefined
  const there = Array.isArray(only)
    ? `It is an array of ${only.length}.`
    : isObject(only)
      ? `It has: ${Object.keys(only).slice(0, 20).join(', ') || 'nothing'}.`
      : ''
  return `The path picks nothing: ${done} has no ${step.text}. ${there}`.trim()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isLosslessNumber(value)
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gsu, '$1')
}
