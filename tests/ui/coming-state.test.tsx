import { fireEvent, screen, waitFor } from '@testing-library/react'
import type { ComponentType } from 'react'
import { expect, it } from 'vitest'
import { AgentStateBadge } from '~/ui/AgentStateBadge'
import { BatchStateBadge } from '~/ui/BatchStateBadge'
import { useLabels } from '~/ui/coming-labels'
import { PreferencesForm } from '~/ui/PreferencesForm'
import { PostForm, SubmitButton } from '~/ui/post-form'
import { defaultSettings } from '~/ui/settings'
import { TokenList } from '~/ui/TokenList'
import { UserBadges } from '~/ui/UserBadges'
import { show } from './render'

/** Shows a page, presses its button and waits with the answer, which refuses. */
function sent(Page: ComponentType, button: string) {
  let release = () => {}
  const answered = new Promise<null>((resolve) => {
    release = () => resolve(null)
  })
  show(Page, () => answered)
  fireEvent.click(screen.getByRole('button', { name: button }))
  return { refuse: () => release() }
}
const text = (id: string) => screen.getByTestId(id).textContent
const isBusy = (id: string) => screen.getByTestId(id).querySelector('[aria-busy]') !== null

it('a state is shown as soon as a form leads to it, of the one that it is about', async () => {
  const { refuse } = sent(
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
    'Pause',
  )
  await waitFor(() => expect(text('own')).toBe('Paused'))
  expect(isBusy('own')).toBe(true)
  expect(text('other')).toBe('Active')
  refuse()
  // the page says what became of it
  await waitFor(() => expect(text('own')).toBe('Active'))
})

it('a batch is stopped as soon as somebody says so', async () => {
  const { refuse } = sent(
    () => (
      <>
        <p data-testid="batch">
          <BatchStateBadge batch={{ id: 'b1', state: 'RUNNING' }} />
        </p>
        <PostForm action="/batches/b1/stop">
          <SubmitButton>Stop</SubmitButton>
        </PostForm>
      </>
    ),
    'Stop',
  )
  await waitFor(() => expect(text('batch')).toBe('Stopped'))
  expect(isBusy('batch')).toBe(true)
  refuse()
  await waitFor(() => expect(text('batch')).toBe('Running'))
})

it.each([
  ['remove-admin', ''],
  ['disable', 'AdminDisabled'],
])('of a person, %s is shown at once', async (verb, badge) => {
  const person = { email: 'olive@example.com', role: 'ADMIN', disabledAt: null } as const
  const { refuse } = sent(
    () => (
      <>
        <p data-testid="person">
          <UserBadges user={person} />
        </p>
        <PostForm action="/admin/users/olive%40example.com?search=ol">
          <SubmitButton name="verb" value={verb}>
            Do
          </SubmitButton>
        </PostForm>
      </>
    ),
    'Do',
  )
  await waitFor(() => expect(text('person')).toBe(badge))
  refuse()
  await waitFor(() => expect(text('person')).toBe('Admin'))
})

it('a token that is being revoked is struck out, and no other', async () => {
  const token = (id: string) => ({
    id,
    name: id,
    hint: 'dk_1',
    createdAt: 1,
    lastUsedAt: null,
    expiresAt: 1,
    scopes: null,
  })
  const { refuse } = sent(
    () => <TokenList tokens={[token('First'), token('Second')]} now={2} action="/settings/tokens" />,
    'Revoke First',
  )
  const busy = () => screen.getAllByRole('listitem').map((row) => row.getAttribute('aria-busy'))
  await waitFor(() => expect(busy()).toEqual(['true', null]))
  refuse()
  await waitFor(() => expect(busy()).toEqual([null, null]))
})

it('labels are shown as they are kept, while they are sent', async () => {
  function Job() {
    const { tags, metadata } = useLabels({ id: 'j1', tags: ['old'], metadata: {} })
    return <p data-testid="labels">{`${tags.join(' ')} | ${JSON.stringify(metadata)}`}</p>
  }
  const { refuse } = sent(
    () => (
      <>
        <Job />
        <PostForm action="/jobs/j1/tags">
          <input type="hidden" name="tags" value="b, A a" />
          <input type="hidden" name="metadata" value={'key = a=b\n'} />
          <SubmitButton>Save</SubmitButton>
        </PostForm>
      </>
    ),
    'Save',
  )
  await waitFor(() => expect(text('labels')).toBe('a b | {"key":"a=b"}'))
  refuse()
  await waitFor(() => expect(text('labels')).toBe('old | {}'))
})

it('a theme is worn as soon as it is chosen, and taken off where it is refused', async () => {
  const worn = () => document.documentElement.dataset.theme
  const Page = () => (
    <PreferencesForm settings={defaultSettings} timeZones={['UTC']} isSaved={false} reply={undefined} />
  )
  let release = () => {}
  show(Page, () => new Promise<null>((resolve) => (release = () => resolve(null))))
  expect(worn()).toBe('system')
  fireEvent.change(screen.getByLabelText('Theme'), { target: { value: 'dark' } })
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(worn()).toBe('dark'))
  release()
  await waitFor(() => expect(worn()).toBe('system'))
})
