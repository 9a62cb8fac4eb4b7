import { defaultSort, type Sort, type SortField } from '~/domain/jobs/list-filter'

/** What a list's orders and ranges are called. */

export const sortLabels: Record<Sort, string> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  '-updatedAt': 'Last changed first',
  updatedAt: 'Longest unchanged first',
  '-priority': 'Highest priority first',
  priority: 'Lowest priority first',
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
}
export const allSorts = Object.keys(sortLabels) as Sort[]

/** As an address has it: the order that a list has anyway is left out. */
export const sortWord = (sort: Sort) => (sort === defaultSort ? undefined : sort)

/** The order that a column begins with, and the other one. */
const firstSorts: Record<SortField, Sort> = {
  createdAt: '-createdAt',
  updatedAt: '-updatedAt',
  priority: '-priority',
  name: 'name',
}
export const fieldOf = (sort: Sort) => sort.replace('-', '') as SortField
export const isDescending = (sort: Sort) => sort.startsWith('-')

/** Where a click on a column's head leads to. */
export function nextSort(field: SortField, current: Sort): Sort {
  const first = firstSorts[field]
  if (current !== first) return first
  return isDescending(first) ? field : `-${field}`
}

export const rangeLabels: Record<string, string> = {
  today: 'Today',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
}

export const priorityLabels: Record<string, string> = {
  '9': '9, the highest',
  '>=7': '7 or more',
  '>=4': '4 or more',
  '>0': 'More than 0',
  '0': '0, the usual',
}

/** The two ways through a list by what comes before and after. */
export const pagerLabels = (sort: Sort) =>
  sort === defaultSort
    ? { prevLabel: 'Newer', nextLabel: 'Older' }
    : { prevLabel: 'Previous', nextLabel: 'Next' }
