import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { type WaitingFor, waitingReasons } from '~/domain/jobs/waiting-for'
import { WaitingLine } from '~/ui/WaitingLine'

const waiting = (more: Partial<WaitingFor> = {}): WaitingFor => ({
  ...{ reason: 'backoff', who: 'nobody', at: Date.now() + 90_000, position: null },
  ...{
    sentence: 'Attempt 1 failed. It is tried again after a pause.',
    next: 'It is tried again after a pause.',
  },
  ...more,
})
const line = () => document.querySelector('[data-waiting]')

describe('WaitingLine', () => {
  it.each([false, true])('says why, what next and when, beside an icon (quiet: %s)', (quiet) => {
    const at = Date.now() + 90_000
    render(<WaitingLine waiting={waiting({ at })} quiet={quiet} />)
    expect(line()?.textContent).toMatch(
      /^Attempt 1 failed\. It is tried again after a pause\. Next try in [12] minutes?$/,
    )
    expect(screen.getByRole('time').getAttribute('datetime')).toBe(new Date(at).toISOString())
    expect(line()?.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true')
  })

  it.each(waitingReasons)('has an icon for %s', (reason) => {
    render(<WaitingLine waiting={waiting({ reason })} />)
    expect(line()?.getAttribute('data-waiting')).toBe(reason)
    expect(line()?.querySelectorAll('svg')).toHaveLength(1)
  })

  it('has no time where none is set', () => {
    render(<WaitingLine waiting={waiting({ reason: 'review', who: 'owner', at: null })} />)
    expect(screen.queryByRole('time')).toBeNull()
  })

  it('says of a time that has come that it is a moment, and nothing about the past', () => {
    render(<WaitingLine waiting={waiting({ at: Date.now() - 3_000 })} />)
    expect(screen.getByRole('time').textContent).toBe('in a moment')
  })

  it('shows the end of a lease to the second, and in a list not at all', () => {
    const leased = waiting({ reason: 'running', who: 'agent', at: Date.UTC(2026, 0, 1, 9, 30, 5) })
    const { rerender } = render(<WaitingLine waiting={leased} />)
    expect(line()?.textContent).toContain('Lease until 1 Jan 2026, 09:30:05 UTC')
    rerender(<WaitingLine waiting={leased} quiet />)
    expect(screen.queryByRole('time')).toBeNull()
  })

  it('keeps a name in the sentence from turning what is around it', () => {
    render(
      <WaitingLine waiting={waiting({ sentence: '\u202eretniaP is paused. An admin has to resume it.' })} />,
    )
    expect(line()?.querySelector('bdi')?.textContent).toBe(
      '\ufffdretniaP is paused. An admin has to resume it.',
    )
  })
})
