import { createRemixStub } from '@remix-run/testing'
import { render, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FrameHeader } from '~/ui/FrameHeader'

function showAt(path: string, isAdmin = true) {
  const user = { id: 'a', name: 'Ada', email: 'ada@example.com', isAdmin }
  const Stub = createRemixStub([{ path: '*', Component: () => <FrameHeader user={user} /> }])
  render(<Stub initialEntries={[path]} />)
}

const linksOf = (nav: HTMLElement) => within(nav).getAllByRole('link')
const currentOf = (nav: HTMLElement) =>
  linksOf(nav)
    .filter((link) => link.getAttribute('aria-current') === 'page')
    .map(({ textContent }) => textContent)
const places = () => screen.getAllByRole('navigation', { name: 'Places' })[0] as HTMLElement

describe('FrameHeader', () => {
  it.each([
    ['/admin', 'Overview'],
    ['/admin/jobs/01abc/resubmit', 'All jobs'],
    ['/admin/agents/new', 'Agents'],
    ['/admin/users/ada%40example.com', 'Users'],
    ['/admin/audit?action=sign-in', 'Audit'],
    ['/admin/retention', 'Retention'],
    ['/admin/backups', 'Backups'],
  ])('at %s the admins’ pages are one section, with %s marked', (path, label) => {
    showAt(path)
    const nav = screen.getByRole('navigation', { name: 'Admin' })
    expect(linksOf(nav)).toHaveLength(7)
    expect(currentOf(nav)).toEqual([label])
    expect(currentOf(places())).toEqual(['Admin'])
  })

  it('elsewhere has the places alone', () => {
    showAt('/jobs/01abc')
    expect(screen.queryByRole('navigation', { name: 'Admin' })).toBeNull()
    expect(linksOf(places()).map(({ textContent }) => textContent)).toEqual([
      'Jobs',
      'Templates',
      'Admin',
      'Settings',
    ])
    expect(currentOf(places())).toEqual(['Jobs'])
  })

  it('tells ordinary users of no admin’s page, wherever they are', () => {
    showAt('/admin/users', false)
    expect(screen.queryByRole('navigation', { name: 'Admin' })).toBeNull()
    expect(linksOf(places()).map(({ textContent }) => textContent)).toEqual(['Jobs', 'Templates', 'Settings'])
  })
})
