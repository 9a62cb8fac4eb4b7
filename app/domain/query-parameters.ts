import type { FieldErrors } from './errors'
import { nearMiss } from './near-miss'

/** Checks the names in a query string against those that an address knows. Pure. */

/** Parameters that may be given more than once: any of several statuses, all of several tags, each of several jobs. */
const repeatable: readonly string[] = ['status', 'tag', 'job']

/** The names that are not known, each once, with the known name that was probably meant. */
export function unknownParameters(
  search: URLSearchParams,
  known: readonly string[],
): { name: string; meant?: string }[] {
  const names = [...new Set(search.keys())].filter((name) => !known.includes(name))
  return names.map((name) => ({ name, meant: nearMiss(name.toLowerCase(), known) }))
}

/** What a script has to correct in a query string, by parameter: unknown names, empty values, repeated parameters. */
export function parameterErrors(search: URLSearchParams, known: readonly string[]): FieldErrors {
  const unknown = unknownParameters(search, known).map(({ name, meant }) => [
    name || 'query',
    [unknownMessage(name, meant, known)],
  ])
  const wrong = known.flatMap((name) => {
    const values = search.getAll(name)
    if (values.some((value) => value.trim() === ''))
      return [[name, [`“${name}” is empty. Give it a value, or leave it out.`]]]
    if (values.length > 1 && !repeatable.includes(name))
      return [[name, [`“${name}” is given more than once.`]]]
    return []
  })
  return Object.fromEntries([...unknown, ...wrong])
}

function unknownMessage(name: string, meant: string | undefined, known: readonly string[]): string {
  const what = name === '' ? 'A parameter has no name.' : `There is no parameter “${name.slice(0, 100)}”.`
  if (meant) return `${what} Did you mean “${meant}”?`
  return known.length > 0 ? `${what} Known: ${known.join(', ')}.` : `${what} This address takes none.`
}
