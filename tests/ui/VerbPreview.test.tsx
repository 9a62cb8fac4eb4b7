import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { JobPreview } from '~/domain/jobs/preview'
import type { JobVerbPath } from '~/paths'
import { VerbPreview } from '~/ui/VerbPreview'
import { show } from './render'

const job: JobPreview['job'] = {
  ...{
    id: '01abc',
    name: 'Count the words',
    status: 'IN_PROGRESS',
    priority: 0,
    userId: 'u1',
    ownerName: 'Ada',
  },
  ...{ assignedAgentId: 'a1', agentName: 'Painter', lastAgentName: 'Painter', failures: 2, attemptCount: 3 },
  ...{
    maxAttempts: 3,
    resultBytes: null,
    runAfter: null,
    version: 8,
    createdAt: 0,
    updatedAt: 0,
    closedAt: null,
    archivedAt: null,
  },
  ...{ waitingFor: null, acceptanceCriteria: '1. It counts\n2. It is right', timeoutSeconds: null },
  ...{ templateId: null, scheduleId: null },
  ...{ review: 'required', completedByAdmin: false, hasResult: false, tags: [], metadata: {} },
}
const preview: JobPreview = {
  job,
  running: { number: 3, agentName: 'Painter', startedAt: 0 },
  question: null,
  takers: [{ id: 'a1', name: 'Painter', state: 'ACTIVE', running: 1, concurrency: 2 }],
  waiting: 1,
}

/** What it says, term by term. */
function facts(verb: JobVerbPath, given: Parameters<typeof VerbPreview>[0]['preview'] = preview) {
  const { container, unmount } = show(() => <VerbPreview verb={verb} preview={given} />)
  const told = [...container.querySelectorAll('dl > div')].map((each) => [
    each.querySelector('dt')?.textContent ?? '',
    each.querySelector('dd')?.textContent ?? '',
  ])
  unmount()
  return Object.fromEntries(told) as Record<string, string>
}

describe('VerbPreview', () => {
  it('names the attempt that is cut off, by whom and since when, or says that none runs', () => {
    for (const verb of ['resubmit', 'complete', 'reassign', 'cancel'] as const) {
      expect(facts(verb)['Running attempt']).toMatch(/^Attempt 3 by Painter, running since 1 Jan 1970/)
      expect(facts(verb, { ...preview, running: null })['Running attempt']).toBe(
        'None runs: nothing is cut off.',
      )
    }
    expect(facts('accept')).not.toHaveProperty('Running attempt')
  })

  it('says who gets it and how busy they are', () => {
    expect(facts('resubmit')['Who gets it']).toBe('Painter (1 of 2 running); 1 other job waits.')
    expect(facts('resubmit', { ...preview, waiting: 100 })['Who gets it']).toContain(
      '100 or more other jobs wait',
    )
    const anyones = { ...preview, job: { ...job, assignedAgentId: null } }
    expect(facts('resubmit', anyones)['Who gets it']).toMatch(
      /^Whoever is free first of those that take unassigned/,
    )
    expect(facts('resubmit', { ...anyones, takers: [] })['Who gets it']).toMatch(/^Nobody/)
    const lines = [
      { name: 'Painter', waiting: 100 },
      { name: 'Sorter', waiting: 2 },
    ]
    expect(facts('reassign', { ...preview, lines })['Waiting now']).toBe(
      '100 or more for Painter, 2 for Sorter; none for the others.',
    )
  })

  it('warns of a paused agent', () => {
    const paused = { ...preview, takers: [{ ...preview.takers[0], state: 'PAUSED' }] } as JobPreview
    show(() => <VerbPreview verb="resubmit" preview={paused} />)
    expect(screen.getByText(/is paused: it gets the job, and starts nothing/)).toBeTruthy()
  })

  it('says what becomes of result, failures and archive', () => {
    const rich = { ...preview, job: { ...job, hasResult: true, archivedAt: 1 } }
    expect(facts('resubmit', rich)).toMatchObject({
      Result: expect.stringMatching(/^Cleared/),
      Failures: '2 of 3 so far: they are counted from nothing again.',
      Archive: 'It is back in the lists.',
    })
    expect(facts('reassign', rich)).toMatchObject({
      Failures: '2 of 3 so far: they still count.',
      'Same agent': expect.stringContaining('Choosing Painter again is allowed'),
    })
    expect(facts('complete')).toMatchObject({
      Status: 'In progress becomes completed.',
      Result: 'It has none, unless you set one.',
    })
  })

  it('numbers the criteria', () => {
    show(() => <VerbPreview verb="complete" preview={preview} />)
    expect(screen.getByText('The 2 criteria that your reason waives')).toBeTruthy()
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'It counts',
      'It is right',
    ])
  })
})
