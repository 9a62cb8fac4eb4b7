import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { JobSummary } from '~/domain/jobs/view'
import type { WaitingFor } from '~/domain/jobs/waiting-for'
import { JobList } from '~/ui/JobList'
import { show } from './render'

const job: JobSummary = {
  id: '01abc',
  name: 'Count the words',
  status: 'FAILED',
  priority: 9,
  userId: 'u1',
  ownerName: 'Ada',
  assignedAgentId: null,
  agentName: null,
  lastAgentName: null,
  failures: 3,
  attemptCount: 4,
  maxAttempts: 3,
  runAfter: null,
  version: 8,
  createdAt: 0,
  updatedAt: 0,
  closedAt: 0,
  archivedAt: null,
  completedByAdmin: false,
  waitingFor: null,
}

describe('JobList', () => {
  it('explains itself to who has no job yet, and offers examples', () => {
    show(() => <JobList jobs={[]} status={null} hasAny={false} />)
    expect(screen.getByRole('heading', { name: 'Hand in your first job' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'New job' }).getAttribute('href')).toBe('/jobs/new')
    expect(screen.getByRole('link', { name: /Measure a text/ }).getAttribute('href')).toBe(
      '/jobs/new?example=stats',
    )
  })

  it('offers to clear a filter that nothing matches', () => {
    show(() => <JobList jobs={[]} status="IN_REVIEW" hasAny />)
    expect(screen.getByRole('heading', { name: 'No job is in review' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Show all jobs' }).getAttribute('href')).toBe('/jobs')
    expect(screen.queryByText('Hand in your first job')).toBeNull()
  })

  it('shows a row a job: name, status, agent, priority, attempts, age', () => {
    show(() => <JobList jobs={[job]} status={null} hasAny />)
    expect(screen.getByRole('link', { name: 'Count the words' }).getAttribute('href')).toBe('/jobs/01abc')
    expect(screen.getByText('Failed').getAttribute('data-status')).toBe('FAILED')
    expect(screen.getByText('Anyone')).toBeTruthy()
    expect(screen.getByText('P9')).toBeTruthy()
    expect(screen.getByRole('cell', { name: '4' })).toBeTruthy()
    expect(screen.getByText('1 Jan 1970')).toBeTruthy()
  })

  it('says in a second line why an open job does not move, and of a closed one nothing', () => {
    const next = 'An admin has to resume it.'
    const sentence = `Painter is paused. ${next}`
    const waitingFor: WaitingFor = {
      ...{ reason: 'agent_paused', who: 'admin', sentence, next, at: null, position: null },
    }
    const open = { ...job, id: '01abd', name: 'Another', status: 'ASSIGNED' as const, waitingFor }
    show(() => <JobList jobs={[job, open]} status={null} hasAny />)
    expect(screen.getByText(sentence).closest('td')).toBe(
      screen.getByRole('link', { name: 'Another' }).closest('td'),
    )
    expect(document.querySelectorAll('[data-waiting]')).toHaveLength(1)
  })

  it('keeps a name from turning what is around it, in both writing directions', () => {
    const { container } = show(() => (
      <JobList jobs={[{ ...job, name: '\u202eeno\u0007' }]} status={null} hasAny />
    ))
    expect(container.querySelector('a bdi')?.textContent).toBe('\ufffdeno\ufffd')
  })

  it('marks what an admin has completed, whatever became of it', () => {
    const { container } = show(() => (
      <JobList
        jobs={[
          { ...job, completedByAdmin: true },
          { ...job, id: '02' },
        ]}
        status={null}
        hasAny
      />
    ))
    expect(container.querySelectorAll('[data-by-admin]')).toHaveLength(1)
    expect(screen.getByTitle('Completed by admin').textContent).toBe('Completed by admin')
  })
})
