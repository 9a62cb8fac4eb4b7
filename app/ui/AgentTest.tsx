import { useFetcher } from '@remix-run/react'
import type { AgentTest as Answer } from '~/domain/agents/view'
import { paths } from '~/paths'
import { PostForm, type Reply, SubmitButton } from './forms'
import { Notice } from './Notice'
import { useSending } from './sending'
import { durationText } from './time'

/** What the test's action answers: what the agent said, or why it was not asked. */
export type TestReply = { test: Answer } | Reply

interface Subject {
  id: string
  version: number
}

/** Shared by button and answer; a changed agent's answer is no longer its own. */
const useTest = ({ id, version }: Subject) => useFetcher<TestReply>({ key: `test ${id} ${version}` })

/** Really calls the agent. Without JavaScript the answer is a page of its own. */
export function AgentTestButton({ agent }: { agent: Subject }) {
  return (
    <PostForm fetcher={useTest(agent)} action={paths.testAgent(agent.id)}>
      <SubmitButton
        variant="secondary"
        size="small"
        title="Really calls the agent. One that has a model may cost a little."
        pendingLabel="Testing…"
      >
        Test
      </SubmitButton>
    </PostForm>
  )
}

/** What the agent answered. `reply`: to the form that the browser sent by itself. */
export function AgentTestAnswer({ agent, reply }: { agent: Subject; reply?: TestReply }) {
  const { data, state } = useTest(agent)
  const isAsked = useSending() === paths.testAgent(agent.id) || state === 'submitting'
  const answer = data ?? reply
  if (!answer || isAsked) return null
  if (!('test' in answer)) {
    return (
      <Notice tone="danger" role="alert" title="It was not tested">
        <p>
          {Object.values(answer.reply.error ?? {})
            .flat()
            .join(' ')}
        </p>
      </Notice>
    )
  }
  const { ok, message, durationMs } = answer.test
  return (
    <Notice
      tone={ok ? 'good' : 'danger'}
      role={ok ? 'status' : 'alert'}
      title={`${ok ? 'It works' : 'It did not work'} (${durationText(durationMs)})`}
    >
      <p className="authored">{message}</p>
    </Notice>
  )
}
