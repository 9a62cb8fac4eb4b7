import { useEffect } from 'react'
import type { AgentChoice } from '~/domain/agents/view'
import type { BatchItemView, BatchView } from '~/domain/batches/view'
import type { Page as PageOf } from '~/domain/jobs/view'
import { type BatchPlace, paths } from '~/paths'
import { BackLink } from './BackLink'
import { BatchConfirm } from './BatchConfirm'
import { BatchItems } from './BatchItems'
import { BatchProgress } from './BatchProgress'
import { batchTitle } from './batch-words'
import type { Reply } from './forms'
import { Page, PageHeader, Section } from './page'
import { forgetSelection } from './use-selection'

interface BatchDetailProps {
  batch: BatchView
  items: PageOf<BatchItemView>
  at: BatchPlace
  /** Those to choose from, where the verb needs one. */
  agents: AgentChoice[]
  viewerId: string
  /** What a refused start was told. */
  reply?: Reply
}

/** One batch: before it is started what it will do, then how far it is, and in the end what became of each job. */
export function BatchDetail({ batch, items, at, agents, viewerId, reply }: BatchDetailProps) {
  const isMine = batch.actorId === viewerId
  const isDraft = batch.state === 'DRAFT'
  useEffect(() => {
    if (isMine && !isDraft) forgetSelection(batch.scope)
  }, [isMine, isDraft, batch.scope])
  return (
    <Page>
      <PageHeader
        above={<BackLink to={paths.batches(isMine ? {} : { scope: 'all' })}>Batches</BackLink>}
        title={`${batchTitle(batch)}${isDraft ? '?' : ''}`}
      />
      {isDraft ? (
        <BatchConfirm batch={batch} agents={agents} reply={reply} />
      ) : (
        <BatchProgress batch={batch} isMine={isMine} reply={reply} />
      )}
      <Section title={isDraft ? 'The jobs' : 'What became of each job'} flush>
        <BatchItems batch={batch} items={items} at={at} isMine={isMine} />
      </Section>
    </Page>
  )
}
