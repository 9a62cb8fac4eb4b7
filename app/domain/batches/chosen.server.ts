import { setImmediate as aTurn } from 'node:timers/promises'
import type { ListScope } from '~db/vocabulary'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { ListQuestion } from '../jobs/list-filter'
import { readJobFilter } from '../jobs/list-filter.server'
import { matchingIds } from '../jobs/queries.server'
import type { UserActor } from '../policy'
import { mostFiltered, mostPicked } from './view'

/** Which jobs: picked one by one, or by a list's query string. */
export type Choice = { ids: string[] } | { query: string }

/** Each id once, in the order they were given or newest first. @throws {Invalid} too many, or a filter that says nothing */
export async function chosenIds(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  choice: Choice,
): Promise<string[]> {
  if ('query' in choice) return matching(desk, actor, scope, choice.query)
  const ids = [...new Set(choice.ids)]
  if (ids.length <= mostPicked) return ids
  throw new Invalid({
    ids: [`At most ${mostPicked.toLocaleString('en')} jobs can be picked one by one; a filter takes more.`],
  })
}

async function matching(desk: Desk, actor: UserActor, scope: ListScope, query: string): Promise<string[]> {
  const { filter, errors } = await readJobFilter(desk, actor, scope, questionOf(query))
  if (Object.keys(errors).length > 0) throw new Invalid(errors)
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

/** A list's query string as the question it asks. */
function questionOf(query: string): ListQuestion {
  const search = new URLSearchParams(query)
  const one = (name: string) => search.get(name) ?? undefined
  const several = (name: string) => (search.has(name) ? search.getAll(name) : undefined)
  return {
    q: one('q'),
    status: several('status'),
    agent: one('agent'),
    owner: one('owner'),
    priority: one('priority'),
    tag: several('tag'),
    created: one('created'),
    updated: one('updated'),
    sort: one('sort'),
  }
}
