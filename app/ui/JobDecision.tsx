import { useNavigation } from '@remix-run/react'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { AttemptSummary, JobView, TurnView } from '~/domain/jobs/view'
import { can, type UserActor } from '~/domain/policy'
import type { ButtonVariant } from './button'
import { decisionWords } from './decision-words'
import { ChevronRight } from './icons'
import { KeptText } from './KeptText'
import { LongText } from './LongText'
import { actorWords, logLooks } from './log-words'
import { Name } from './name'
import { Section } from './page'
import { plainForm } from './plain-form'
import { useSending } from './sending'
import { Time } from './time'
import { VerbForm } from './VerbForm'

type Job = Pick<JobView<unknown>, 'id' | 'userId' | 'status' | 'version'>
type Asked = 'IN_REVIEW' | 'INPUT_REQUIRED'

interface JobDecisionProps {
  viewer: UserActor
  job: Job
  attempts: AttemptSummary[]
  lastTurn: TurnView | undefined
}

/** What the job waits for a person to say: a judgement of the result, or an answer. */
export function JobDecision(props: JobDecisionProps) {
  return <Decision key={useRound(props.job.id)} {...props} />
}

/** Another one when something was sent and taken: it was said, and is not there to be sent again. */
function useRound(jobId: string): number {
  const { formAction } = useNavigation()
  const isOnItsWay = formAction?.includes(`/jobs/${jobId}/`) ?? false
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (isOnItsWay) return () => setRound((before) => before + 1)
  }, [isOnItsWay])
  return round
}

function Decision({ viewer, job, attempts, lastTurn }: JobDecisionProps) {
  const [begun, setBegun] = useState<Asked | null>(null)
  const isSending = useSending()?.includes(`/jobs/${job.id}/`) ?? false
  const mayBe = can(viewer, 'accept', job).allowed || can(viewer, 'answer', job).allowed
  const asked = mayBe ? (job.status as Asked) : null
  const form = (each: Asked) => ({
    job,
    open: each === asked || isSending,
    above: each === asked || isSending ? null : <LastTurn turn={lastTurn} />,
  })
  const begin = (event: FormEvent) =>
    setBegun((event.target as HTMLTextAreaElement).value === '' ? null : (asked ?? begun))
  // what somebody writes stays, also where another one was faster
  const isShown = (each: Asked) => asked === each || begun === each
  return (
    <div className="contents" onInput={begin}>
      {isShown('IN_REVIEW') && <Review form={form('IN_REVIEW')} />}
      {isShown('INPUT_REQUIRED') && (
        <Question
          form={form('INPUT_REQUIRED')}
          question={attempts.findLast(({ outcome }) => outcome === 'WAITING')?.question ?? null}
        />
      )}
    </div>
  )
}

function LastTurn({ turn }: { turn: TurnView | undefined }) {
  return (
    <KeptText>
      {turn && (
        <>
          <Name>{actorWords(turn)}</Name> {logLooks[turn.kind].words} <Time at={turn.createdAt} />.
        </>
      )}
    </KeptText>
  )
}

interface FormState {
  job: Job
  open: boolean
  above: ReactNode
}

function Review({ form }: { form: FormState }) {
  return (
    <Section title="Your review" description="Does the result meet the criteria?">
      <div className="flex flex-col gap-4">
        {form.open && <DecisionForm verb="accept" {...form} />}
        <details className="group border-t border-line pt-3">
          <summary className="inline-flex items-center gap-1 rounded-sm text-accent group-open:mb-2 hover:underline">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            Send it back instead
          </summary>
          <DecisionForm verb="send-back" variant="secondary" {...form} />
        </details>
      </div>
    </Section>
  )
}

function Question({ form, question }: { form: FormState; question: string | null }) {
  return (
    <Section title="The agent asks">
      <div className="flex flex-col gap-4">
        {question && (
          <blockquote className="border-l-2 border-input-required pl-3">
            <LongText text={question} />
          </blockquote>
        )}
        <DecisionForm verb="answer" {...form} />
      </div>
    </Section>
  )
}

interface DecisionFormProps extends FormState {
  verb: 'accept' | 'send-back' | 'answer'
  variant?: ButtonVariant
}

/** The same form as on the verb's own page, which answers for it. */
function DecisionForm(props: DecisionFormProps) {
  const [form, fields] = plainForm(props.verb, ['feedback', 'answer'])
  return <VerbForm {...props} words={decisionWords[props.verb]} form={form} fields={fields} />
}
