import { Invalid } from '~/domain/errors'
import { listParameterNames, withTimeZone } from '~/domain/jobs/list-query'
import { parameterErrors } from '~/domain/query-parameters'
import type { ViewQuery } from '~/domain/views/save.server'
import { utc } from '~/domain/zones/clock'
import { listPlace, listQuery } from '~/paths'

/**
 * A list's address as a view keeps it: in one order, without what is empty and without its page, and with the time zone
 * that its days are meant in.
 *
 * @param timeZone whose days are meant if it names no zone
 * @throws {Invalid} on `query`, if a parameter is unknown or repeated
 */
export function viewQuery(query: string, timeZone = utc): ViewQuery {
  const given = [...new URLSearchParams(query)].filter(([name, value]) => name !== 'cursor' && value !== '')
  const search = new URLSearchParams(given)
  const messages = Object.values(parameterErrors(search, listParameterNames)).flat()
  if (messages.length > 0) throw new Invalid({ query: messages })
  const asked = listPlace(withTimeZone(listQuery(listPlace(search)), timeZone))
  return { text: listQuery(asked), asked }
}
