import { json } from '@remix-run/node'
import { useActionData } from '@remix-run/react'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AgentChoice } from '~/domain/agents/view'
import { AgentSelection } from '~/ui/AgentSelection'
import { loadText, passText } from '~/ui/agent-figures'
import { PostForm, type Reply, SubmitButton } from '~/ui/forms'
import { useReplyForm } from '~/ui/reply-form'
import { show } from './render'

const toolbox: AgentChoice = {
  ...{ id: 'a1', name: 'Toolbox', description: 'Counts words.', kind: 'toolbox', state: 'ACTIVE' },
  ...{ takesUnassigned: true, running: 1, concurrency: 4, accepted: 9, sentBack: 1 },
}
const paused: AgentChoice = {
  ...{ ...toolbox, id: 'a2', name: 'Night shift', kind: 'command', state: 'PAUSED' },
  ...{ takesUnassigned: false, running: 0, concurrency: 1, accepted: 0, sentBack: 0 },
}

type Props = Omit<Parameters<typeof AgentSelection>[0], 'field'>

function shown(props: Props, value?: string, action?: (form: FormData) => unknown) {
  show(function Page() {
    const [form, fields] = useReplyForm<{ agentId?: string }>({
      id: 'f',
      reply: useActionData<Reply>(),
      defaultValue: { agentId: value },
    })
    return (
      <PostForm form={form}>
        <AgentSelection field={fields.agentId} {...props} />
        <SubmitButton>Send</SubmitButton>
      </PostForm>
    )
  }, action)
}

const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name })

describe('AgentSelection', () => {
  it('shows kind, load, pass rate and pause, and says nothing where nothing was judged', async () => {
    shown({ agents: [toolbox, paused], anyone: true })
    const group = await screen.findByRole('group', { name: 'Agent' })
    expect(within(group).getAllByRole('radio')).toHaveLength(3)
    expect(
      screen.getByRole('radio', {
        name: 'Toolbox',
        description: /^Toolbox · 1 of 4 running · 90% of 10 results accepted ?Counts words\.$/,
      }),
    ).toBe(radio('Toolbox'))
    screen.getByRole('radio', {
      name: 'Night shift',
      description: /^Command · 0 of 1 running · starts nothing until an admin resumes it ?Counts words\.$/,
    })
    expect(screen.getAllByText('Paused')).toHaveLength(1)
  })

  it('offers anyone first and names who that is now, only where asked', async () => {
    shown({ agents: [toolbox, paused], anyone: true })
    const anyone = await screen.findByRole<HTMLInputElement>('radio', {
      name: 'Anyone who takes unassigned jobs',
      description: 'Now: Toolbox',
    })
    expect(anyone.checked).toBe(true)
    expect(anyone.value).toBe('')
    expect(anyone.required).toBe(false)
  })

  it('warns where nobody takes unassigned jobs', async () => {
    shown({ agents: [paused], anyone: true })
    await screen.findByRole('radio', { description: /No active agent takes unassigned jobs now/ })
  })

  it('needs a choice where it is not left to anyone', async () => {
    shown({ agents: [toolbox, paused], current: toolbox, label: 'Give it to' })
    await screen.findByRole('group', { name: 'Give it to' })
    const radios = screen.getAllByRole<HTMLInputElement>('radio')
    expect(radios.map(({ checked, required }) => [checked, required])).toEqual([
      [false, true],
      [false, true],
    ])
    screen.getByRole('radio', { name: 'Toolbox', description: /has it now/ })
  })

  it('keeps an agent that is gone as what the job has', async () => {
    shown({ agents: [toolbox], current: { id: 'old', name: 'Importer' }, anyone: true }, 'old')
    await screen.findByRole('radio', { name: 'Importer', description: /Retired/ })
    expect(radio('Importer').checked).toBe(true)
  })

  it('the whole row chooses; a refusal is said at it and takes the focus', async () => {
    const user = userEvent.setup()
    const sent: FormData[] = []
    shown({ agents: [toolbox, paused], anyone: true }, 'a1', (form) => {
      sent.push(form)
      const error = { agentId: ['There is no such agent, or it is retired.'] }
      return json(
        { reply: { status: 'error', error, initialValue: { agentId: form.get('agentId') } } },
        { status: 422 },
      )
    })
    await screen.findByRole('group')
    await user.tab()
    expect(document.activeElement).toBe(radio('Toolbox'))
    await user.click(screen.getByText('Night shift'))
    expect(radio('Night shift').checked).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('There is no such agent, or it is retired.')
    expect(sent[0]?.get('agentId')).toBe('a2')
    expect(radio('Night shift').checked).toBe(true)
    await waitFor(() => expect(document.activeElement?.getAttribute('type')).toBe('radio'))
    screen.getByRole('radio', { name: 'Night shift', description: /There is no such agent/ })
  })
})

describe('figures', () => {
  it('are told in words', () => {
    expect(loadText({ running: 2, concurrency: 3 })).toBe('2 of 3 running')
    expect(passText({ accepted: 0, sentBack: 0 })).toBe('')
    expect(passText({ accepted: 1, sentBack: 0 })).toBe('100% of 1 result accepted')
    expect(passText({ accepted: 1000, sentBack: 1000 })).toBe('50% of 2,000 results accepted')
  })
})
