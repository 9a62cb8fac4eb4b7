import { ExactNumber } from '~/domain/exact-json'

/** Where something is in JSON: names and places from the outside in. */
export type Path = (string | number)[]

export interface Found {
  places: Path[]
  /** Whether it stopped looking: there may be more. */
  isCut: boolean
}

const most = 1000

interface Step {
  name: string | number | null
  value: unknown
  from: Step | null
}

/** Every name and every value that has the text in it, capital or not, from the top down; a thousand at the most. */
export function findIn(root: unknown, text: string): Found {
  const wanted = text.toLowerCase()
  const places: Path[] = []
  // a stack of its own: what is nested deeply must not run out of the call stack's
  const stack: Step[] = [{ name: null, value: root, from: null }]
  for (let step = stack.pop(); step && places.length < most; step = stack.pop()) {
    const { name, value } = step
    const isNamed = typeof name === 'string' && name.toLowerCase().includes(wanted)
    const children = childrenOf(value)
    if (isNamed || (!children && scalarText(value).toLowerCase().includes(wanted))) places.push(pathOf(step))
    for (const [child, each] of children?.reverse() ?? [])
      stack.push({ name: child, value: each, from: step })
  }
  return { places, isCut: places.length >= most }
}

function pathOf(step: Step): Path {
  const path: Path = []
  for (let at: Step | null = step; at; at = at.from) if (at.name !== null) path.push(at.name)
  return path.reverse()
}

/** An object's fields or a list's elements; null for anything else. */
export function childrenOf(value: unknown): [string | number, unknown][] | null {
  if (Array.isArray(value)) return value.map((each, index) => [index, each])
  return isBranch(value) ? Object.entries(value) : null
}

/** A number that keeps its digits is an object too, and no branch. */
const isBranch = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof ExactNumber)

/** What is no branch, as text. */
export const scalarText = (value: unknown) => (value instanceof ExactNumber ? value.written : String(value))

/** `items[3].name`, as programs write it. */
export function pathText(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number'
        ? `[${step}]`
        : /^[a-z_$][\w$]*$/i.test(step)
          ? `${index > 0 ? '.' : ''}${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join('')
}
