import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AgentStateBadge } from '~/ui/AgentStateBadge'
import { PostForm, SubmitButton } from '~/ui/post-form'
import { show } from './render'

it('a state is shown as soon as a form leads to it, of the one that it is about', async () => {
  let release = () => {}
  const answered = new Promise<null>((resolve) => {
    release = () => resolve(null)
  })
  show(
    () => (
      <>
        <p data-testid="own">
          <AgentStateBadge id="a1" state="ACTIVE" />
        </p>
        <p data-testid="other">
          <AgentStateBadge id="a2" state="ACTIVE" />
        </p>
        <PostForm action="/admin/agents/a1/pause">
          <SubmitButton>Pause</SubmitButton>
        </PostForm>
      </>
    ),
    () => answered,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  await waitFor(() => expect(screen.getByTestId('own').textContent).toBe('Paused'))
  expect(screen.getByTestId('own').querySelector('[aria-busy]')).not.toBeNull()
  expect(screen.getByTestId('other').textContent).toBe('Active')
  release()
  // the page says what became of it
  await waitFor(() => expect(screen.getByTestId('own').textContent).toBe('Active'))
})
