import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { FieldErrors } from '~/domain/errors'
import type { StatusCounts } from '~/domain/jobs/view'
import type { ListPlace } from '~/paths'
import { FilteredJobs } from '~/ui/FilteredJobs'
import { chipsOfList } from '~/ui/filter-chips'
import { JobList } from '~/ui/JobList'
import type { ListedJob, ListedJobs } from '~/ui/listed-job'
import { jobStatuses } from '~db/vocabulary'
import { show } from './render'

const job: ListedJob = {
  id: '01abc',
  name: 'Count the words',
  status: 'FAILED',
  priority: 9,
  ownerName: 'Ada',
  agentName: null,
  attemptCount: 4,
  createdAt: 0,
  updatedAt: 0,
  completedByAdmin: false,
  tags: [],
  waitingFor: null,
}
const counts = (each: number) =>
  Object.fromEntries(jobStatuses.map((status) => [status, each])) as StatusCounts

const rows = (jobs: ListedJob[]) => show(() => <JobList jobs={jobs} at={{}} sort="-createdAt" />)

interface Whole {
  at?: ListPlace
  jobs?: ListedJob[]
  errors?: FieldErrors
  counts?: StatusCounts | null
  searchedTo?: number
}
function list({ at = {}, jobs = [], errors = {}, counts: counted = counts(1), searchedTo }: Whole) {
  const listed: ListedJobs = {
    ...{ of: '', kept: null },
    page: {
      ...{ rows: jobs, prevCursor: null, nextCursor: searchedTo === undefined ? null : 'on' },
      searchedTo: searchedTo ?? null,
    },
    ...{ sort: '-createdAt', counts: counted, agents: [], errors },
    chips: chipsOfList('own', at, { agentName: 'Toolbox', ownerEmail: null }),
    ...{ ownerEmail: null, failingSchedules: 0 },
    views: [
      { id: 'running', name: 'Running', query: 'status=IN_PROGRESS', by: null },
      { id: '1', name: 'Late', query: 'tag=late', by: 'Ben' },
    ],
  }
  const live = {
    listed,
    fresh: 0,
    isWhole: false,
    isNew: true,
    area: { current: null },
    show: () => undefined,
  }
  return show(() => (
    <FilteredJobs scope="own" title="Jobs" at={at} live={live}>
      <JobList jobs={jobs} at={at} sort="-createdAt" />
    </FilteredJobs>
  ))
}
const hrefOf = (name: string | RegExp) => screen.getByRole('link', { name }).getAttribute('href')

describe('a list of jobs', () => {
  it('explains itself to who has no job yet, and offers examples', () => {
    list({ counts: counts(0) })
    expect(screen.getByRole('heading', { name: 'Hand in your first job' })).toBeTruthy()
    expect(hrefOf('New job')).toBe('/jobs/new')
    expect(hrefOf(/Measure a text/)).toBe('/jobs/new?example=stats')
    expect(screen.queryByRole('search')).toBeNull()
  })

  it('offers to clear a filter that nothing matches', () => {
    list({ at: { status: ['IN_REVIEW'] } })
    expect(screen.getByRole('heading', { name: 'No job matches' })).toBeTruthy()
    for (const link of screen.getAllByRole('link', { name: 'Clear filters' })) {
      expect(link.getAttribute('href')).toBe('/jobs')
    }
    expect(screen.queryByText('Hand in your first job')).toBeNull()
  })

  it('says beside the box what it does not understand, and keeps the text', () => {
    list({ at: { q: 'stauts:failed' }, errors: { q: ['“stauts:failed” means nothing.'] }, counts: null })
    const box = screen.getByRole('searchbox')
    expect((box as HTMLInputElement).value).toBe('stauts:failed')
    expect(box.getAttribute('aria-invalid')).toBe('true')
    const told = document.getElementById(box.getAttribute('aria-describedby') ?? '')
    expect(told?.textContent).toBe('“stauts:failed” means nothing.')
    expect(screen.getByRole('heading', { name: 'That filter means nothing here' })).toBeTruthy()
  })

  it('has a chip for each thing it is narrowed to, which takes away that alone', () => {
    const at = { q: 'tag:a "two words" x', status: ['FAILED', 'CANCELED'], agent: '01x', cursor: 'far' }
    list({ at, jobs: [job] })
    expect(hrefOf('Take away: Status: Failed')).toBe(
      '/jobs?q=tag%3Aa+%22two+words%22+x&status=CANCELED&agent=01x',
    )
    expect(hrefOf('Take away: "two words"')).toBe('/jobs?q=tag%3Aa+x&status=FAILED&status=CANCELED&agent=01x')
    expect(hrefOf('Take away: Agent: Toolbox')).toBe(
      '/jobs?q=tag%3Aa+%22two+words%22+x&status=FAILED&status=CANCELED',
    )
  })

  it('names what a search excludes in its chips, and keeps it when another filter goes', () => {
    const q = '-agent:"Tool box" -priority:2..5 -customer=acme'
    list({ at: { q, status: ['FAILED'] }, jobs: [job] })
    expect(hrefOf('Take away: Status: Failed')).toBe(`/jobs?${new URLSearchParams({ q })}`)
    expect(hrefOf('Take away: -agent:"Tool box"')).toBe(
      `/jobs?${new URLSearchParams({ q: '-priority:2..5 -customer=acme', status: 'FAILED' })}`,
    )
    expect(hrefOf('Take away: -customer=acme')).toContain('-priority')
    expect((screen.getByRole('searchbox') as HTMLInputElement).value).toBe(q)
  })

  it('sorts by its heads, one way and the other, and begins anew', () => {
    list({ at: { tag: ['a'], cursor: 'far' }, jobs: [job] })
    expect(hrefOf('Name')).toBe('/jobs?tag=a&sort=name')
    expect(hrefOf('Created')).toBe('/jobs?tag=a&sort=createdAt')
    expect(screen.getByRole('columnheader', { name: /Created/ }).getAttribute('aria-sort')).toBe('descending')
  })

  it('marks the saved view that it is, and says who shares one', () => {
    list({ at: { status: ['IN_PROGRESS'] }, jobs: [job] })
    expect(screen.getByRole('link', { name: 'Running' }).getAttribute('aria-current')).toBe('page')
    expect(screen.getByText('Late').closest('a')?.getAttribute('href')).toBe('/jobs?tag=late')
    expect(hrefOf('Views…')).toBe('/views?scope=own')
  })

  it('offers to keep what is no view yet', () => {
    list({ at: { q: 'invoice', cursor: 'far' }, jobs: [job] })
    expect(hrefOf('Save this view…')).toBe('/views?scope=own&query=q%3Dinvoice')
  })

  it('says how far it looked, and goes on from there', () => {
    list({ at: { q: 'rare' }, searchedTo: 0 })
    expect(screen.getByText(/Looked at jobs back to/).textContent).toContain('1 Jan 1970')
    expect(hrefOf('Look further')).toBe('/jobs?q=rare&cursor=on')
    expect(screen.queryByText('No job matches')).toBeNull()
  })
})

describe('its rows', () => {
  it('show a job each: name, status, agent, priority, attempts, age', () => {
    rows([job])
    expect(hrefOf('Count the words')).toBe('/jobs/01abc')
    expect(screen.getByText('Failed').getAttribute('data-status')).toBe('FAILED')
    expect(screen.getByText('Anyone')).toBeTruthy()
    expect(screen.getByText('P9')).toBeTruthy()
    expect(screen.getByRole('cell', { name: '4' })).toBeTruthy()
    expect(screen.getByText('1 Jan 1970')).toBeTruthy()
  })

  it('show three tags as links, and count the others', () => {
    rows([{ ...job, tags: ['a', 'b/c', 'd', 'e', 'f'] }])
    expect(screen.getByText('b/c').closest('a')?.getAttribute('href')).toBe('/jobs?tag=b%2Fc')
    expect(screen.queryByText('e')).toBeNull()
    expect(screen.getByTitle('e, f').textContent).toBe('+2 more tags')
  })

  it('say in a second line why an open job does not move, and of a closed one nothing', () => {
    const sentence = 'Painter is paused. An admin has to resume it.'
    const waitingFor = { reason: 'agent_paused', who: 'admin', sentence, at: null } as const
    rows([job, { ...job, id: '01abd', name: 'Another', status: 'ASSIGNED', waitingFor }])
    expect(screen.getByText(sentence).closest('td')).toBe(
      screen.getByRole('link', { name: 'Another' }).closest('td'),
    )
    expect(document.querySelectorAll('[data-waiting]')).toHaveLength(1)
  })

  it('keep a name from turning what is around it, in both writing directions', () => {
    const { container } = rows([{ ...job, name: '\u202eeno\u0007' }])
    expect(container.querySelector('tbody a bdi')?.textContent).toBe('\ufffdeno\ufffd')
  })

  it('mark what an admin has completed, whatever became of it', () => {
    const { container } = rows([
      { ...job, completedByAdmin: true },
      { ...job, id: '02' },
    ])
    expect(container.querySelectorAll('[data-by-admin]')).toHaveLength(1)
    expect(screen.getByTitle('Completed by admin').textContent).toBe('Completed by admin')
  })
})
