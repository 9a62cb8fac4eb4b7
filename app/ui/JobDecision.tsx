import type { AttemptSummary, JobView } from '~/domain/jobs/view'
import { ChevronRight } from './icons'
import { LongText } from './JobResult'
import { Section } from './page'
import { VerbForm } from './VerbForm'

const feedbackField = {
  name: 'feedback',
  label: 'What is missing or wrong',
  description: 'The agent gets this with its next attempt.',
} as const

const answerField = { name: 'answer', label: 'Your answer' } as const

interface JobDecisionProps {
  job: JobView<unknown>
  attempts: AttemptSummary[]
}

/** What the job waits for a person to say: a judgement of the result, or an answer. */
export function JobDecision({ job, attempts }: JobDecisionProps) {
  if (job.status === 'IN_REVIEW') return <Review job={job} />
  const question = attempts.findLast(({ outcome }) => outcome === 'WAITING')?.question
  if (job.status === 'INPUT_REQUIRED') return <Question job={job} question={question ?? null} />
  return null
}

function Review({ job }: { job: JobView<unknown> }) {
  return (
    <Section title="Your review" description="Does the result meet the criteria?">
      <div className="flex flex-col gap-4">
        <VerbForm job={job} path="accept" submit="Accept result" pendingLabel="Accepting…" />
        <details className="group border-t border-line pt-3">
          <summary className="inline-flex items-center gap-1 rounded-sm text-accent group-open:mb-2 hover:underline">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            Send it back instead
          </summary>
          <VerbForm job={job} path="send-back" submit="Send back" variant="secondary" field={feedbackField} />
        </details>
      </div>
    </Section>
  )
}

function Question({ job, question }: { job: JobView<unknown>; question: string | null }) {
  return (
    <Section title="The agent asks">
      <div className="flex flex-col gap-4">
        {question && (
          <blockquote className="border-l-2 border-input-required pl-3">
            <LongText text={question} />
          </blockquote>
        )}
        <VerbForm job={job} path="answer" submit="Answer" pendingLabel="Answering…" field={answerField} />
      </div>
    </Section>
  )
}
