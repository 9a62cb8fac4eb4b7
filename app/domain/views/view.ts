import type { ListScope } from '~db/vocabulary'

/** A list of jobs that is kept to come back to: what it is narrowed to, and in which order. Pure. */

export interface ViewOwner {
  id: string
  name: string
}

export interface SavedView {
  id: string
  name: string
  scope: ListScope
  /** The list's query string, without a cursor, in the order that addresses have it. */
  query: string
  /** Whether everyone who may see the scope sees it. */
  shared: boolean
  /** Null: Docket's own, which is everyone's. */
  owner: ViewOwner | null
}

/** What follows the path of its list: its query string with all that is in it, also what is not known today. */
export const viewSearch = (query: string) => query && `?${query}`

/** So many views one person can keep. */
export const mostViews = 50
export const longestViewName = 60
export const longestViewQuery = 2_000

const waitsForPeople = 'status=INPUT_REQUIRED&status=IN_REVIEW'
const builtIn = [
  { id: 'needs-me', name: 'Needs me', query: waitsForPeople },
  { id: 'running', name: 'Running', query: 'status=IN_PROGRESS' },
  { id: 'failed-today', name: 'Failed today', query: 'status=FAILED&updated=today' },
]

/** What every list begins with. Over everyone's jobs their ids begin with `all-`. */
export const defaultViews = (scope: ListScope): SavedView[] =>
  builtIn.map((view) => ({
    ...view,
    id: scope === 'own' ? view.id : `all-${view.id}`,
    scope,
    shared: true,
    owner: null,
  }))
