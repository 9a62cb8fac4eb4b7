import { type SavedView, viewSearch } from '~/domain/views/view'
import { apiPaths, paths } from '~/paths'

/** A saved view as the API shows it, with where its list is: for people, and as JSON. */
export const presentView = (view: SavedView) => ({
  id: view.id,
  name: view.name,
  scope: view.scope,
  query: view.query,
  shared: view.shared,
  owner: view.owner,
  url: paths.list(view.scope) + viewSearch(view.query),
  apiUrl: apiPaths.list(view.scope) + viewSearch(view.query),
})
