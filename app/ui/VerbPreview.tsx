import type { ReactNode } from 'react'
import { criteriaOf } from '~/domain/jobs/criteria'
import { type JobPreview, type Line, mostWaiting, type Taker } from '~/domain/jobs/preview'
import { isOpen, statusLabels } from '~/domain/jobs/status'
import type { JobVerbPath } from '~/paths'
import { CriteriaList } from './CriteriaList'
import { Notice } from './Notice'
import { Name, plainName } from './name'
import { Time } from './time'

interface VerbPreviewProps {
  verb: JobVerbPath
  /** `lines` where an agent is to be chosen. */
  preview: JobPreview & { lines?: Line[] }
}

/** What will happen to a job, before it is done: what is cut off, what it is held to, who gets it and how busy they are. */
export function VerbPreview({ verb, preview }: VerbPreviewProps) {
  const { job, running } = preview
  const ends = endsAttempt.includes(verb) && isOpen(job.status)
  const facts: Fact[] = [
    ...(ends ? [{ term: 'Running attempt', said: <CutOff running={running} /> }] : []),
    ...(queues.includes(verb) ? [{ term: 'Who gets it', said: <WhoGetsIt preview={preview} /> }] : []),
    ...(preview.lines ? [{ term: 'Waiting now', said: <Lines lines={preview.lines} /> }] : []),
    ...consequences(verb, preview),
  ]
  const paused = queues.includes(verb) ? preview.takers.find(({ state }) => state === 'PAUSED') : undefined
  return (
    <div className="flex flex-col gap-4">
      {paused && (
        <Notice tone="warn">
          <p>
            <Name>{paused.name}</Name> is paused: it gets the job, and starts nothing until it is resumed.
          </p>
        </Notice>
      )}
      {facts.length > 0 && (
        <dl className="divide-y divide-line rounded-md border border-line">
          {facts.map(({ term, said }) => (
            <div key={term} className="grid gap-x-4 px-3 py-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
              <dt className="text-ink-2">{term}</dt>
              <dd className="min-w-0 wrap-anywhere">{said}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="flex flex-col gap-1.5">
        <h3 className="text-xs font-medium text-ink-2">{criteriaTitle(verb, job.acceptanceCriteria)}</h3>
        <CriteriaList text={job.acceptanceCriteria} />
      </div>
    </div>
  )
}

interface Fact {
  term: string
  said: ReactNode
}

const endsAttempt: JobVerbPath[] = ['resubmit', 'complete', 'reassign', 'cancel']
/** Where the job waits for its agent again; for `reassign` the form itself says who that is. */
const queues: JobVerbPath[] = ['resubmit', 'send-back', 'answer']

function CutOff({ running }: Pick<JobPreview, 'running'>) {
  if (!running) return <>None runs: nothing is cut off.</>
  return (
    <>
      <span className="font-medium">Attempt {running.number}</span> by <Name>{running.agentName}</Name>,
      running since <Time at={running.startedAt} exact />, is cut off. A result that it still hands in is kept
      in the log and never lands on the job.
    </>
  )
}

function WhoGetsIt({ preview: { takers, waiting, job } }: { preview: JobPreview }) {
  const line = waiting === 0 ? 'no other job waits' : countOf(waiting)
  if (takers.length === 0) return <>Nobody: no active agent takes unassigned jobs.</>
  return (
    <>
      {!takers.some(({ id }) => id === job.assignedAgentId) &&
        'Whoever is free first of those that take unassigned jobs: '}
      {takers.map((taker, at) => (
        <span key={taker.id}>
          {at > 0 && ', '}
          <TakerLoad taker={taker} />
        </span>
      ))}
      ; {line}.
    </>
  )
}

function Lines({ lines }: { lines: Line[] }) {
  if (lines.length === 0) return <>No job waits for any one agent.</>
  return (
    <>
      {lines.map(({ name, waiting }, at) => (
        <span key={name}>
          {at > 0 && ', '}
          {waiting >= mostWaiting ? `${mostWaiting} or more` : waiting} for{' '}
          <Name className="font-medium">{name}</Name>
        </span>
      ))}
      {'; none for the others.'}
    </>
  )
}

function TakerLoad({ taker: { name, running, concurrency, state } }: { taker: Taker }) {
  return (
    <>
      <Name className="font-medium">{name}</Name>{' '}
      <span className="text-ink-2">
        ({running} of {concurrency} running{state === 'PAUSED' && ', paused'})
      </span>
    </>
  )
}

const countOf = (waiting: number) => {
  if (waiting >= mostWaiting) return `${mostWaiting} or more other jobs wait`
  return waiting === 1 ? '1 other job waits' : `${waiting} other jobs wait`
}

/** What else changes, and what does not. */
function consequences(verb: JobVerbPath, { job }: JobPreview): Fact[] {
  const result = (kept: string, none?: string): Fact[] =>
    job.hasResult ? [{ term: 'Result', said: kept }] : none ? [{ term: 'Result', said: none }] : []
  const failures = (said: string): Fact[] => (job.failures > 0 ? [{ term: 'Failures', said }] : [])
  const ofMost = `${job.failures} of ${job.maxAttempts}`
  switch (verb) {
    case 'resubmit':
      return [
        ...result('Cleared from the job; it stays with its attempt.'),
        ...failures(`${ofMost} so far: they are counted from nothing again.`),
        ...(job.archivedAt === null ? [] : [{ term: 'Archive', said: 'It is back in the lists.' }]),
      ]
    case 'reassign':
      return [
        ...result('Cleared from the job; it stays with its attempt.'),
        ...failures(`${ofMost} so far: they still count.`),
        ...(job.agentName === null
          ? []
          : [
              {
                term: 'Same agent',
                said: `Choosing ${plainName(job.agentName)} again is allowed: the job starts afresh with it.`,
              },
            ]),
      ]
    case 'complete':
      return [
        {
          term: 'Status',
          said: `${statusLabels[job.status]} becomes ${statusLabels.COMPLETED.toLowerCase()}.`,
        },
        ...result(
          'It keeps the result that it has, unless you set another.',
          'It has none, unless you set one.',
        ),
      ]
    case 'cancel':
      return result('It stays as it is.')
    case 'purge':
      return [{ term: 'Attempts', said: `${job.attemptCount}, all of them removed.` }]
    default:
      return []
  }
}

function criteriaTitle(verb: JobVerbPath, text: string): string {
  const count = criteriaOf(text).length
  const all = count === 1 ? 'The criterion' : `The ${count} criteria`
  if (verb === 'complete') return `${all} that your reason waives`
  if (verb === 'accept') return `${all} to judge it by`
  return `${all} it ${verb === 'archive' || verb === 'purge' ? 'was' : 'is'} held to`
}
