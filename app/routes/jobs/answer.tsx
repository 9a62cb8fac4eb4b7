import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { answerJob } from '~/domain/jobs/answer.server'
import { answerInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { LongText } from '~/ui/LongText'
import { VerbPanel } from '~/ui/VerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { answerLoader, verbAction } from './verb-panel.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = answerLoader
export const action = verbAction(answerInput, answerJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('answer', data?.job.name) },
]

export default function AnswerJob() {
  const { question, ...data } = useLoaderData<typeof loader>()
  return (
    <VerbPanel verb="answer" {...data} reply={useAnswer<typeof action>()}>
      {question && <LongText text={question} />}
    </VerbPanel>
  )
}
