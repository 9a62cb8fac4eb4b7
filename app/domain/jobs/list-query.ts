import type { FieldErrors } from '../errors'
import { parameterErrors } from '../query-parameters'
import type { ListQuestion } from './list-filter'
import { dependsOnZone } from './list-values'
import { hasZonedTime } from './query-text'

/** A list of jobs as a query string: the one list of its parameters, and how they are read. Pure. */

/** The parameters that narrow a list down. */
export const listFilterNames = [
  'q',
  'status',
  'agent',
  'owner',
  'priority',
  'tag',
  'created',
  'updated',
  'timeZone',
] as const

/** The same, and its order. */
export const listParameterNames = [...listFilterNames, 'sort'] as const

/** @returns the question it asks, and what is wrong with its parameters, by parameter */
export function readListQuery(query: string): { question: ListQuestion; errors: FieldErrors } {
  const search = new URLSearchParams(query)
  const one = (name: string) => search.get(name) ?? undefined
  const several = (name: string) => (search.has(name) ? search.getAll(name) : undefined)
  return {
    question: {
      q: one('q'),
      status: several('status'),
      agent: one('agent'),
      owner: one('owner'),
      priority: one('priority'),
      tag: several('tag'),
      created: one('created'),
      updated: one('updated'),
      sort: one('sort'),
      timeZone: one('timeZone'),
    },
    errors: parameterErrors(search, listParameterNames),
  }
}

/**
 * The same query string with the time zone that it is read in, if it names none and means other moments in another
 * zone: what is kept of it (a view, a batch) means the same to whoever uses it.
 */
export function withTimeZone(query: string, timeZone: string): string {
  const { created, updated, q, timeZone: named } = readListQuery(query).question
  const isZoned = [created, updated].some((text) => text && dependsOnZone(text.trim()))
  if (named || !(isZoned || hasZonedTime(q ?? ''))) return query
  return `${query}&${new URLSearchParams({ timeZone })}`
}
