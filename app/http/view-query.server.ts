import type { ViewQuery } from '~/domain/views/save.server'
import { listPlace, listQuery } from '~/paths'

/** A list's address as a view keeps it: in one order, without what is empty and without its page. */
export function viewQuery(query: string): ViewQuery {
  const { cursor, ...asked } = listPlace(query)
  return { text: listQuery(asked), asked }
}
