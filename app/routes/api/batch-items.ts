import { batchItems, type ItemFilter } from '~/domain/batches/queries.server'
import { Invalid } from '~/domain/errors'
import { conditional, method, pageParameters, resource } from '~/http/json-action.server'
import { presentPage } from '~/http/present'
import { presentBatchItem } from '~/http/present-batches'

const door = resource({
  GET: method({
    rule: 'user',
    handle({ actor, desk, request, params, url }) {
      const query = { outcome: outcomeParameter(url), ...pageParameters(url) }
      return conditional(request, async () =>
        presentPage(await batchItems(desk, actor, params.id as string, query), presentBatchItem),
      )
    },
  }),
})
export const loader = door.loader
export const action = door.action

const outcomes: ItemFilter[] = ['DONE', 'REFUSED', 'PENDING']

/** @throws {Invalid} */
function outcomeParameter(url: URL): ItemFilter | undefined {
  const given = url.searchParams.get('outcome')
  if (!given) return undefined
  const outcome = outcomes.find((each) => each === given.toUpperCase())
  if (!outcome) throw new Invalid({ outcome: [`outcome is one of ${outcomes.join(', ')}.`] })
  return outcome
}
