import { parseWithZod } from '@conform-to/zod/v4'
import { json } from '@remix-run/node'
import { useActionData } from '@remix-run/react'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { agentChangeForm, newAgentForm, secretFields } from '~/domain/agents/form'
import { AgentForm } from '~/ui/AgentForm'
import type { Reply } from '~/ui/forms'
import { show } from './render'

const hideFields = secretFields as never[]

it('keeps a typed key where the browser has it still, and opens what was refused', async () => {
  const user = userEvent.setup()
  show(
    () => (
      <AgentForm
        kind="openai"
        reply={useActionData<Reply>()}
        values={{ concurrency: '1' }}
        models={['qwen3:8b', 'gemma3:4b']}
      />
    ),
    (form) => json({ reply: parseWithZod(form, { schema: newAgentForm }).reply({ hideFields }) }, 422),
  )
  expect(await screen.findByText('This server has qwen3:8b, gemma3:4b.')).toBeTruthy()
  const fold = screen.getByText('Limits and prices').closest('details')
  expect(fold?.open).toBe(false)
  await user.type(screen.getByLabelText('Name'), 'Writer')
  await user.type(screen.getByLabelText('Server'), 'http://127.0.0.1:1/v1')
  await user.type(screen.getByLabelText('Model'), 'qwen3:8b')
  await user.type(screen.getByLabelText(/^API key/), 'sk-typed')
  await user.type(screen.getByLabelText(/^Price of input/), '1')
  await user.click(screen.getByRole('button', { name: 'Create agent' }))
  await waitFor(() => expect(fold?.open).toBe(true))
  expect(document.activeElement).toBe(screen.getByLabelText(/^Price of output/))
  const key = screen.getByLabelText<HTMLInputElement>(/^API key/)
  expect(key.value).toBe('sk-typed')
  expect(key.type).toBe('password')
  expect(screen.queryByText(/type it again/)).toBeNull()
})

it('of an agent shows that a key is set, never the key, and offers to remove it', async () => {
  const user = userEvent.setup()
  const sent: FormData[] = []
  const config = { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', apiKey: '[secret]', timeoutSeconds: 60 }
  show(
    () => (
      <AgentForm
        kind="openai"
        reply={useActionData<Reply>()}
        values={{ name: 'Writer', concurrency: '1', baseUrl: config.baseUrl, model: 'm' }}
        agent={{ id: 'a', version: 3, config, warnings: [] }}
      />
    ),
    (form) => {
      sent.push(form)
      return json({ reply: parseWithZod(form, { schema: agentChangeForm }).reply({ hideFields }) }, 422)
    },
  )
  expect((await screen.findByLabelText<HTMLInputElement>(/^API key/)).value).toBe('')
  expect(screen.getByText('A key is set: leave this empty to keep it.')).toBeTruthy()
  await user.click(screen.getByLabelText('Remove the key'))
  await user.click(screen.getByRole('button', { name: 'Save changes' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(Object.fromEntries(sent[0] ?? [])).toMatchObject({
    ...{ kind: 'openai', version: '3', apiKey: '', apiKeyIsSet: 'on', removeApiKey: 'on' },
  })
})
