import { useEffect } from 'react'
import type { AgentChoice } from '~/domain/agents/view'
import type { BatchItemView, BatchView, FirstJob } from '~/domain/batches/view'
import type { Page as PageOf } from '~/domain/jobs/view'
import { type BatchPlace, paths } from '~/paths'
import { BackLink } from './BackLink'
import { BatchConfirm } from './BatchConfirm'
import { BatchItems } from './BatchItems'
import { BatchProgress } from './BatchProgress'
import { batchTitle } from './batch-words'
import { FirstJobs } from './FirstJobs'
import type { Reply } from './forms'
import { Page, PageHeader, Section } from './page'
import { forgetSelection } from './use-selection'

interface BatchDetailProps {
  batch: BatchView
  items: PageOf<BatchItemView>
  at: BatchPlace
  /** The first jobs that an import makes, before it is started. */
  first: FirstJob[]
  /** Those to choose from, where the verb needs one. */
  agents: AgentChoice[]
  viewerId: string
  /** What a refused start was told. */
  reply?: Reply
}

/** One batch: before it is started what it will do, then how far it is, and in the end what became of each job. */
export function BatchDetail({ batch, items, at, first, agents, viewerId, reply }: BatchDetailProps) {
  const isMine = batch.actorId === viewerId
  const isDraft = batch.state === 'DRAFT'
  const isImport = batch.verb === 'import'
  useEffect(() => {
    if (isMine && !isDraft && !isImport) forgetSelection(batch.scope)
  }, [isMine, isDraft, isImport, batch.scope])
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
      {isDraft && first.length > 0 && (
        <FirstJobs jobs={first} isAll={first.length === batch.preview.eligible} />
      )}
      <Section title={isImport ? 'Rows' : isDraft ? 'The jobs' : 'What became of each job'} flush>
        <BatchItems batch={batch} items={items} at={at} isMine={isMine} />
      </Section>
    </Page>
  )
}
