import { Invalid } from '~/domain/errors'
import { listParameterNames } from '~/domain/jobs/list-query'
import { parameterErrors } from '~/domain/query-parameters'
import type { ViewQuery } from '~/domain/views/save.server'
import { listPlace, listQuery } from '~/paths'

/**
 * A list's address as a view keeps it: in one order, without what is empty and without its page.
 * @throws {Invalid} on `query`, if a parameter is unknown or repeated
 */
export function viewQuery(query: string): ViewQuery {
  const given = [...new URLSearchParams(query)].filter(([name, value]) => name !== 'cursor' && value !== '')
  const search = new URLSearchParams(given)
  const messages = Object.values(parameterErrors(search, listParameterNames)).flat()
  if (messages.length > 0) throw new Invalid({ query: messages })
  const asked = listPlace(search)
  return { text: listQuery(asked), asked }
}
