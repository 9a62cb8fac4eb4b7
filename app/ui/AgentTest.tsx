import { useFetcher } from '@remix-run/react'
import type { AgentTest as Answer } from '~/domain/agents/view'
import { paths } from '~/paths'
import { Button } from './button'
import type { Reply } from './forms'
import { LoaderCircle } from './icons'
import { Notice } from './Notice'
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
  const { Form, state } = useTest(agent)
  const isBusy = state === 'submitting'
  return (
    <Form method="post" action={paths.testAgent(agent.id)}>
      <Button
        type="submit"
        size="small"
        title="Really calls the agent. One that has a model may cost a little."
        aria-disabled={isBusy || undefined}
        onClick={(event) => {
          if (isBusy) event.preventDefault()
        }}
      >
        {isBusy && <LoaderCircle aria-hidden className="animate-spin" />}
        {isBusy ? 'Testing…' : 'Test'}
      </Button>
    </Form>
  )
}

/** What the agent answered. `reply`: to the form that the browser sent by itself. */
export function AgentTestAnswer({ agent, reply }: { agent: Subject; reply?: TestReply }) {
  const { data, state } = useTest(agent)
  const answer = data ?? reply
  if (!answer || state === 'submitting') return null
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
