import { listAgentChoices } from '~/domain/agents/queries.server'
import { firstJobs } from '~/domain/batches/import-rows.server'
import { findBatch, itemsOf } from '~/domain/batches/queries.server'
import { type PageContext, pageLoader } from '~/http/page.server'
import { type BatchPlace, batchPlace } from '~/paths'

const outcomes = { done: 'DONE', refused: 'REFUSED', left: 'PENDING' } as const
const outcomeOf = ({ show }: BatchPlace) => (show ? outcomes[show] : undefined)

/** One batch, a page of its jobs and, where one is to be chosen, the agents. */
async function readBatch({ actor, desk, params, url, timeZone }: PageContext<'user'>) {
  const batch = await findBatch(desk, actor, params.id as string)
  const at = batchPlace(url.searchParams)
  const choosing = batch.state === 'DRAFT' && batch.verb === 'reassign'
  const isImportDraft = batch.state === 'DRAFT' && batch.verb === 'import'
  const [items, agents, first] = await Promise.all([
    itemsOf(desk, batch, { outcome: outcomeOf(at), cursor: at.cursor, limit: 25 }),
    choosing ? listAgentChoices(desk, timeZone) : [],
    isImportDraft ? firstJobs(desk, batch.id) : [],
  ])
  return { batch, items, at, agents, first, viewerId: actor.id }
}

export const batchLoader = () => pageLoader('user', readBatch)

/** What a verb's own page has to know. */
export const batchVerbLoader = () =>
  pageLoader('user', async ({ actor, desk, params }) => {
    return { batch: await findBatch(desk, actor, params.id as string) }
  })
