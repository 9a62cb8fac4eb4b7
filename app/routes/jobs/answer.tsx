import { type MetaFunction, useActionData, useLoaderData } from '@remix-run/react'
import { answerJob } from '~/domain/jobs/answer.server'
import { answerInput } from '~/domain/jobs/input'
import { LongText } from '~/ui/JobResult'
import { plainName } from '~/ui/name'
import { VerbPanel } from '~/ui/VerbPanel'
import { answerLoader, verbAction } from './verb-panel.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = answerLoader
export const action = verbAction(answerInput, answerJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Answer${data ? ` ${plainName(data.job.name)}` : ''} · Docket` },
]

export default function AnswerJob() {
  const { question, ...data } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  return (
    <VerbPanel
      {...data}
      reply={reply}
      path="answer"
      title="The agent asks"
      submit="Answer"
      pendingLabel="Answering…"
      field={{ name: 'answer', label: 'Your answer' }}
    >
      {question && <LongText text={question} />}
    </VerbPanel>
  )
}
