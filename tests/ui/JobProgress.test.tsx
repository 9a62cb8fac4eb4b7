import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { JobProgress } from '~/ui/JobProgress'
import type { LogRow } from '~/ui/live-job'
import type { JobStatus } from '~db/vocabulary'
import { show } from './render'

const read = { percent: 40, message: 'Reading', number: 4, at: 1 }
const row = (number: number, kind: LogRow['kind'], message: string): LogRow => ({
  ...{ seq: number, id: `w.${number}`, number, kind, status: 'IN_PROGRESS', message, createdAt: number },
  ...{ requestPayload: null, responsePayload: null, actorKind: 'agent', actorId: 'a', actorName: 'Scribe' },
  ...{ agentId: 'a', attempt: 1, version: 1 },
})
const bar = () => screen.queryByRole<HTMLProgressElement>('progressbar', { name: 'Progress' })?.value
const showProgress = (heard?: LogRow[], status: JobStatus = 'IN_PROGRESS') =>
  show(() => <JobProgress status={status} progress={read} heard={heard} />)

describe('how far a job is', () => {
  it('is what was read, whatever part of the log is on the page', () => {
    const { unmount } = showProgress()
    expect([bar(), screen.getByText('Reading').textContent]).toEqual([40, 'Reading'])
    unmount()
    showProgress([row(1, 'create', ''), row(3, 'progress', '10%: Begun')])
    expect(bar()).toBe(40)
  })

  it('is what was heard where that is newer, and nothing where another attempt began', () => {
    const { unmount } = showProgress([row(6, 'progress', '60%')])
    expect([bar(), screen.getByText('Working').textContent]).toEqual([60, 'Working'])
    unmount()
    showProgress([row(7, 'claim', 'Began')])
    expect(bar()).toBeUndefined()
  })

  it('is not spoken of once nobody is at it', () => {
    showProgress([row(6, 'progress', '60%')], 'IN_REVIEW')
    expect(bar()).toBeUndefined()
  })
})
