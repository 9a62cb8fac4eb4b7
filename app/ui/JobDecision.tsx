import type { AttemptSummary, JobView } from '~/domain/jobs/view'
import type { ButtonVariant } from './button'
import { ChevronRight } from './icons'
import { LongText } from './LongText'
import { Section } from './page'
import { plainForm } from './plain-form'
import { VerbForm } from './VerbForm'

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
        <DecisionForm verb="accept" job={job} />
        <details className="group border-t border-line pt-3">
          <summary className="inline-flex items-center gap-1 rounded-sm text-accent group-open:mb-2 hover:underline">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            Send it back instead
          </summary>
          <DecisionForm verb="send-back" job={job} variant="secondary" />
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
        <DecisionForm verb="answer" job={job} />
      </div>
    </Section>
  )
}

interface DecisionFormProps {
  verb: 'accept' | 'send-back' | 'answer'
  job: JobView<unknown>
  variant?: ButtonVariant
}

/** The same form as on the verb's own page, which answers for it. */
function DecisionForm({ verb, job, variant }: DecisionFormProps) {
  const [form, fields] = plainForm(verb, ['feedback', 'answer'])
  return <VerbForm {...{ verb, job, form, fields, variant }} />
}
