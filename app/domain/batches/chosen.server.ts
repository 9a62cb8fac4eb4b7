import { setImmediate as aTurn } from 'node:timers/promises'
import type { ListScope } from '~db/vocabulary'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { JobFilter } from '../jobs/list-filter'
import { readJobFilter } from '../jobs/list-filter.server'
import { readListQuery } from '../jobs/list-query'
import { matchingIds } from '../jobs/queries.server'
import type { UserActor } from '../policy'
import { type Choice, mostFiltered, mostPicked } from './view'

/**
 * Each id once, in the order they were given or newest first.
 * @throws {Invalid} too many, or a filter that is misspelled or narrows nothing down
 */
export async function chosenIds(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  choice: Choice,
): Promise<string[]> {
  if ('all' in choice) return matching(desk, actor, scope, {})
  if ('query' in choice) return matching(desk, actor, scope, await filterOf(desk, actor, scope, choice.query))
  const ids = [...new Set(choice.ids)]
  if (ids.length <= mostPicked) return ids
  throw new Invalid({
    ids: [`At most ${mostPicked.toLocaleString('en')} jobs can be picked one by one; a filter takes more.`],
  })
}

/** @throws {Invalid} by parameter, or on `filter` if a name in it is unknown or everything would match */
async function filterOf(desk: Desk, actor: UserActor, scope: ListScope, query: string): Promise<JobFilter> {
  const { question, errors } = readListQuery(query)
  const misnamed = Object.values(errors).flat()
  if (misnamed.length > 0) throw new Invalid({ filter: misnamed })
  const { filter, errors: misread } = await readJobFilter(desk, actor, scope, question)
  if (Object.keys(misread).length > 0) throw new Invalid(misread)
  if (Object.keys(filter).length > 0) return filter
  throw new Invalid({
    filter: ['The filter is empty and would match every job. To mean every job, send all: true instead.'],
  })
}

async function matching(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  filter: JobFilter,
): Promise<string[]> {
  const all: string[] = []
  let after: string | null = null
  do {
    const slice: { ids: string[]; after: string | null } = await matchingIds(
      desk,
      actor,
      { scope, filter },
      { after, most: 1000 },
    )
    all.push(...slice.ids)
    if (all.length > mostFiltered) {
      throw new Invalid({
        filter: [
          `More than ${mostFiltered.toLocaleString('en')} jobs match, which is the most for one batch. Narrow the filter down.`,
        ],
      })
    }
    after = slice.after
    // statements run on this thread: requests that wait meanwhile come first
    await aTurn()
  } while (after !== null)
  return all
}
