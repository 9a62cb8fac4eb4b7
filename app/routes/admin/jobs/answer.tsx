import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { answerJob } from '~/domain/jobs/answer.server'
import { answerInput } from '~/domain/jobs/input'
import { useAnswer } from '~/ui/answer'
import { DeskVerbPanel } from '~/ui/DeskVerbPanel'
import { verbTitle } from '~/ui/verb-words'
import { deskVerbAction, deskVerbLoader } from './desk-verb.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = deskVerbLoader('answer')
export const action = deskVerbAction(answerInput, answerJob)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: verbTitle('answer', data?.preview.job.name) },
]

export default function AnswerJob() {
  const data = useLoaderData<typeof loader>()
  return <DeskVerbPanel verb="answer" {...data} reply={useAnswer<typeof action>()} />
}
