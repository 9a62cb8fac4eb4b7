import { parseWithZod } from '@conform-to/zod/v4'
import { json } from '@remix-run/node'
import { useActionData } from '@remix-run/react'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AgentChoice } from '~/domain/agents/view'
import { newJobInput } from '~/domain/jobs/input'
import type { Reply } from '~/ui/forms'
import { JobForm } from '~/ui/JobForm'
import { show } from './render'

const toolbox: AgentChoice = {
  id: 'a1',
  name: 'Toolbox',
  description: '',
  kind: 'toolbox',
  state: 'ACTIVE',
  takesUnassigned: true,
  running: 0,
  concurrency: 4,
  accepted: 0,
  sentBack: 0,
}
const paused: AgentChoice = {
  ...toolbox,
  id: 'a2',
  name: 'Night shift',
  state: 'PAUSED',
  takesUnassigned: false,
}

function NewJob() {
  return (
    <JobForm
      agents={[toolbox, paused]}
      reply={useActionData<Reply>()}
      values={{ priority: '0', maxAttempts: '3', review: 'required' }}
      idempotencyKey="key-1"
    />
  )
}

const refuse = (form: FormData) => {
  const submission = parseWithZod(form, { schema: newJobInput })
  return json({ reply: submission.reply() }, 422)
}

describe('JobForm', () => {
  it('keeps what was written, says what is wrong beside it, and goes to the first of it', async () => {
    const user = userEvent.setup()
    show(NewJob, refuse)
    await user.type(await screen.findByLabelText('Name'), 'Count the words')
    await user.type(screen.getByLabelText('Description'), '   ')
    await user.type(screen.getByLabelText('Acceptance criteria'), ' ')
    await user.click(screen.getByRole('button', { name: 'Hand in job' }))

    const description = screen.getByLabelText<HTMLTextAreaElement>('Description')
    await waitFor(() => expect(description.getAttribute('aria-invalid')).toBe('true'))
    expect(document.activeElement).toBe(description)
    const said = (description.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id))
    expect(said.map((each) => each?.textContent).join(' ')).toContain('Give a description')
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Count the words')
    expect(screen.getByLabelText('Acceptance criteria').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBeNull()
  })

  it('opens what is folded where a tag or a line of metadata was refused, and keeps both', async () => {
    const user = userEvent.setup()
    show(NewJob, refuse)
    for (const label of ['Name', 'Description', 'Acceptance criteria']) {
      await user.type(await screen.findByLabelText(label), 'Words')
    }
    const tags = screen.getByLabelText<HTMLInputElement>(/^Tags/)
    const metadata = screen.getByLabelText<HTMLTextAreaElement>(/^Metadata/)
    expect(tags.closest('details')?.open).toBe(false)
    await user.type(tags, 'billing, no!')
    await user.type(metadata, 'ticket 4711')
    await user.click(screen.getByRole('button', { name: 'Hand in job' }))

    await screen.findByText(/This is none: no!/)
    expect(screen.getByText('Give each line as key=value.')).toBeTruthy()
    expect(tags.closest('details')?.open).toBe(true)
    expect([tags.value, metadata.value]).toEqual(['billing, no!', 'ticket 4711'])
    expect(tags.getAttribute('aria-invalid')).toBe('true')
  })

  it('links the job that was made where the form was sent before with other words', async () => {
    const user = userEvent.setup()
    show(NewJob, (form) =>
      json(
        {
          reply: parseWithZod(form, { schema: newJobInput }).reply({ formErrors: ['The key was used.'] }),
          conflict: { reason: 'idempotency_key_reused', jobId: 'job9' },
        },
        409,
      ),
    )
    for (const label of ['Name', 'Description', 'Acceptance criteria']) {
      await user.type(await screen.findByLabelText(label), 'Words')
    }
    await user.click(screen.getByRole('button', { name: 'Hand in job' }))
    expect((await screen.findByRole('link', { name: 'Open that job' })).getAttribute('href')).toBe(
      '/jobs/job9',
    )
    expect(screen.getByRole('alert')).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Words')
  })

  it('sends the key, and says which agents are paused', async () => {
    const user = userEvent.setup()
    const sent: FormData[] = []
    show(NewJob, (form) => {
      sent.push(form)
      return refuse(form)
    })
    await screen.findByRole('radio', { name: 'Night shift', description: /starts nothing until/ })
    const anyone = screen.getByRole<HTMLInputElement>('radio', { name: 'Anyone who takes unassigned jobs' })
    expect(anyone.checked).toBe(true)
    for (const label of ['Name', 'Description', 'Acceptance criteria']) {
      await user.type(screen.getByLabelText(label), ' x')
    }
    await user.click(screen.getByRole('button', { name: 'Hand in job' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.get('idempotencyKey')).toBe('key-1')
    expect(sent[0]?.get('agentId')).toBe('')
  })
})
