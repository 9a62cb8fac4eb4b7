import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { timelineOf } from '~/domain/jobs/timeline'
import type { AttemptSummary, TurnView } from '~/domain/jobs/view'
import { JobTimeline, TurnList } from '~/ui/JobTimeline'
import { lengthText } from '~/ui/TimelineAxis'
import { show } from './render'

const minute = 60_000
const start = Date.UTC(2026, 0, 2, 3)
const turn = (given: Partial<TurnView> & Pick<TurnView, 'number' | 'kind' | 'status'>): TurnView => ({
  ...{ message: null, agentId: 'a', attempt: null, actorKind: 'user', actorId: null, actorName: 'Olive' },
  createdAt: start + given.number * minute,
  ...given,
})
const attempt = (given: Partial<AttemptSummary> & Pick<AttemptSummary, 'number'>): AttemptSummary => ({
  ...{
    id: `j.${given.number}`,
    agentId: 'a',
    agentName: 'Scribe',
    outcome: 'SUBMITTED',
    unsubmittedBytes: null,
    leaseExpiresAt: 0,
  },
  ...{ error: null, question: null, answer: null, feedback: null, usage: null },
  ...{ startedAt: start, endedAt: start + minute },
  ...given,
})
const turns = [
  turn({ number: 1, kind: 'create', status: 'ASSIGNED' }),
  turn({
    number: 2,
    kind: 'claim',
    status: 'IN_PROGRESS',
    attempt: 1,
    actorKind: 'agent',
    actorName: 'Scribe',
  }),
  turn({
    ...{ number: 3, kind: 'expire', status: 'ASSIGNED', attempt: 1, actorKind: 'system', actorName: null },
    message: 'The agent was not heard of.',
  }),
  turn({
    number: 5,
    kind: 'claim',
    status: 'IN_PROGRESS',
    attempt: 2,
    actorKind: 'agent',
    actorName: 'Scribe',
  }),
  turn({
    number: 6,
    kind: 'submit',
    status: 'IN_REVIEW',
    attempt: 2,
    actorKind: 'agent',
    actorName: 'Scribe',
  }),
]
const attempts = [
  attempt({
    ...{ number: 1, outcome: 'EXPIRED', error: '<b>Not</b> heard of.' },
    ...{ startedAt: start + 2 * minute, endedAt: start + 3 * minute },
  }),
  attempt({ number: 2, startedAt: start + 5 * minute, endedAt: start + 6 * minute }),
]
const now = start + 16 * minute
const showTimeline = (given = { turns, attempts }) =>
  show(() => (
    <>
      <JobTimeline jobId="j" timeline={timelineOf(given.turns, given.attempts, now)} />
      <details>
        <TurnList jobId="j" turns={given.turns} />
      </details>
    </>
  ))

describe('the timeline of a job', () => {
  it('says in words how its time went by', () => {
    showTimeline()
    const name = screen.getByRole('img').getAttribute('aria-label')
    expect(name).toBe(
      'How its time went by: Waiting for an agent 1 min 0 s, Waiting for another try 2 min 0 s, Running 2 min 0 s, Waiting for people 10 min 0 s.',
    )
  })

  it('has a lane an attempt: who, how it ended, how long, why there was another; to its part of the log', () => {
    showTimeline()
    const [first, second] = screen
      .getAllByRole('link', { name: /^Attempt/ })
      .map((link) => link.closest('li') as HTMLElement)
    if (!first || !second) throw new Error('no lanes')
    expect(first.textContent).toContain('Lost, 1 min 0 s')
    expect(first.textContent).toContain('<b>Not</b> heard of.')
    expect(first.textContent).not.toContain('Tried again')
    expect(second.textContent).toContain('Handed in, 1 min 0 s')
    expect(second.textContent).toContain('Tried again after an interruption')
    expect(within(second).getByRole('link').getAttribute('href')).toBe('/jobs/j?logAttempt=2#log')
    const bars = [first, second].map((lane) => lane.querySelector('rect'))
    const [x, width] = ['x', 'width'].map((each) => Number(bars[0]?.getAttribute(each)))
    expect(Number(bars[1]?.getAttribute('x'))).toBeGreaterThan((x ?? 0) + (width ?? 0))
  })

  it('gives every change as a list: when, who, what, to which status, and what was said', () => {
    showTimeline()
    const items = within(screen.getByRole('group')).getAllByRole('listitem', { hidden: true })
    expect(items).toHaveLength(turns.length)
    expect(items[2]?.textContent).toContain(
      '2 Jan 2026, 03:03:00 UTCDocket took the job backAssignedThe agent was not heard of.',
    )
  })

  it('says how long it was closed, which the bar does not show to scale', () => {
    const later = { createdAt: start + 30 * 60 * minute }
    const { container } = showTimeline({
      turns: [
        ...turns,
        turn({ number: 7, kind: 'cancel', status: 'CANCELED' }),
        turn({ number: 8, kind: 'resubmit', status: 'ASSIGNED', ...later }),
        turn({ number: 9, kind: 'cancel', status: 'CANCELED', ...later }),
      ],
      attempts,
    })
    expect(container.querySelector('figcaption')?.textContent).toContain('Closed29 h 53 min, not to scale')
    // below it the job's life without that: 6 minutes
    expect([...container.querySelectorAll('text')].at(-1)?.textContent).toBe('6 min')
  })

  it('has lengths in one unit on its axis', () => {
    const lengths = [999, 1500, 90_000, 3_600_000, 45_600_000, 90_000_000, 259_200_000]
    expect(lengths.map(lengthText)).toEqual(['999 ms', '1.5 s', '1.5 min', '1 h', '12.7 h', '25 h', '3 days'])
  })

  it('sets no style of its own, which the page’s policy would refuse', () => {
    const { container } = showTimeline()
    expect(container.querySelectorAll('[style]')).toHaveLength(0)
  })

  it('shows a job that was just handed in, one of many tries, and one resubmitted at once', () => {
    showTimeline({ turns: turns.slice(0, 1), attempts: [] })
    expect(screen.queryAllByRole('link')).toEqual([])
    const many = Array.from({ length: 60 }, (_, n) => attempt({ number: n + 1 }))
    showTimeline({ turns: turns.slice(1), attempts: many })
    const earlier = screen.getByRole('link', { name: '40 earlier attempts not drawn' })
    const to = new URL(earlier.getAttribute('href') ?? '', 'http://x')
    expect([to.pathname, to.hash]).toEqual(['/jobs/j', '#attempts'])
    expect(atob(to.searchParams.get('attempts') ?? '')).toBe('["attempts-newest","n",41]')
    // of the list and of what is drawn
    expect(screen.getByText('The newest part')).toBeTruthy()
    for (const cut of [
      /^The newest 4 changes; the log has all\.$/,
      /^It changed too often to draw all of it; the log/,
    ])
      expect(
        screen.getByText((_, element) => element?.tagName === 'P' && cut.test(element.textContent ?? '')),
      ).toBeTruthy()
    const hidden = screen.getAllByRole('link', { name: 'the log has all', hidden: true })
    expect(hidden.map((link) => link.getAttribute('href'))).toEqual(
      Array(2).fill('/jobs/j?logKind=changes#log'),
    )
    const at = { createdAt: start + 7 * minute }
    const { container } = showTimeline({
      turns: [
        ...turns,
        turn({ number: 7, kind: 'cancel', status: 'CANCELED', ...at }),
        turn({ number: 8, kind: 'resubmit', status: 'ASSIGNED', ...at }),
      ],
      attempts,
    })
    const places = [...container.querySelectorAll('svg[role=img] > rect')].map((bar) => bar.getAttribute('x'))
    expect(new Set(places).size).toBe(places.length)
  })
})
