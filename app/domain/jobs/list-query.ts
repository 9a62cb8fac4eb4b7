import type { FieldErrors } from '../errors'
import { parameterErrors } from '../query-parameters'
import type { ListQuestion } from './list-filter'

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
    },
    errors: parameterErrors(search, listParameterNames),
  }
}
