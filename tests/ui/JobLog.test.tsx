import { screen, within } from '@testing-library/react'
import { createRef } from 'react'
import { describe, expect, it } from 'vitest'
import { readLogFilter } from '~/domain/jobs/log-filter'
import { JobLog } from '~/ui/JobLog'
import { JobPlaceContext, placeAtDesk } from '~/ui/job-place'
import type { ShownLog } from '~/ui/live-job'
import { show } from './render'

const id = (letter: string) => letter.repeat(26)
const row = (number: number): ShownLog['rows'][number] => ({
  ...{ seq: number, id: `w.${number}`, number, kind: 'fail', status: 'ASSIGNED', message: `Row ${number}` },
  ...{ requestPayload: null, responsePayload: null, actorKind: 'agent', actorId: 'a', actorName: 'Scribe' },
  ...{ agentId: 'a', attempt: 1, version: 1, createdAt: 1 },
})
const whole: ShownLog = {
  ...{ rows: [row(7), row(9)], prevCursor: null, nextCursor: null, lookedTo: null },
  ...{ filter: {}, errors: {}, newestError: null },
}

const showLog = (given: Partial<ShownLog>, desk = false) =>
  show(() => {
    const log = (
      <JobLog
        job={{ id: 'j', attemptCount: 250 }}
        agents={{ [id('a')]: 'Scribe', [id('b')]: 'Reader' }}
        live={{
          ...{ isFollowed: false, isPaused: false, held: 0, setPaused: () => undefined, end: createRef() },
          progress: [],
          log: { ...whole, ...given },
        }}
      />
    )
    return desk ? (
      <JobPlaceContext.Provider value={placeAtDesk({ status: ['FAILED'], agent: 'none' })}>
        {log}
      </JobPlaceContext.Provider>
    ) : (
      log
    )
  })
const href = (name: string | RegExp) => screen.getByRole('link', { name }).getAttribute('href') ?? ''

describe('narrowing a log', () => {
  it('is a form whose answer is an address, with what it is narrowed to chosen', () => {
    showLog({ filter: { kind: 'errors', agent: id('b'), attempt: 2 } })
    const form = screen.getByRole('form', { name: 'Narrow the log down' })
    expect(form.getAttribute('action')).toBe('/jobs/j#log')
    const chosen = ['Kind', 'Agent', 'Attempt'].map((name) => within(form).getByLabelText(name))
    expect(chosen.map((field) => (field as HTMLSelectElement).value)).toEqual(['errors', id('b'), '2'])
    expect(href('Clear')).toBe('/jobs/j#log')
    // whichever it is, not only the newest
    const { min, max } = within(form).getByRole<HTMLInputElement>('spinbutton', { name: 'Attempt' })
    expect([min, max]).toEqual(['1', '250'])
  })

  it('keeps the list that is around it at the desk, whose agent is another question', () => {
    const { container } = showLog({ filter: { kind: 'errors' } }, true)
    const hidden = [...container.querySelectorAll<HTMLInputElement>('input[type=hidden]')]
    expect(hidden.map(({ name, value }) => `${name}=${value}`)).toEqual(['status=FAILED', 'agent=none'])
    expect(href('Clear')).toBe('/admin/jobs/j?status=FAILED&agent=none#log')
  })

  it('goes along with every link through the log', () => {
    showLog({ filter: { kind: 'errors', attempt: 2 }, prevCursor: 'before', nextCursor: 'after' })
    const search = (name: string) => Object.fromEntries(new URL(href(name), 'http://x').searchParams)
    expect(search('Show what happened before')).toEqual({ logKind: 'errors', logAttempt: '2', log: 'before' })
    expect(search('Show what happened after')).toEqual({ logKind: 'errors', logAttempt: '2', log: 'after' })
  })

  it('says how far it looked, and which way there may be more', () => {
    const narrowed = { filter: { attempt: 2 }, prevCursor: 'before', nextCursor: 'after' }
    const { unmount } = showLog({ ...narrowed, lookedTo: 3 })
    expect(screen.getByRole('status').textContent).toContain('Looked as far as row 3; no more found so far.')
    expect(href('Look further back')).toContain('log=before')
    expect(href('Show what happened after')).toContain('log=after')
    unmount()
    const later = showLog({ ...narrowed, lookedTo: 2009 })
    expect(href('Show what happened before')).toContain('log=before')
    expect(href('Look further on')).toContain('log=after')
    later.unmount()
    showLog({ ...narrowed, rows: [], lookedTo: 98_001 })
    expect(screen.getByRole('status').textContent).toContain('row 98,001; nothing found among these rows.')
    expect([href('Look further back'), href('Look further on')]).toHaveLength(2)
  })

  it('says so where there is nothing, and what in an address means nothing', () => {
    const { errors } = readLogFilter({ kind: 'x', agent: null, attempt: null })
    showLog({ rows: [], filter: { attempt: 2 }, errors })
    expect(screen.getByText('Nothing of this kind happened.')).toBeTruthy()
    expect(screen.getByRole('alert').textContent).toContain('The kind is one of: changes')
  })
})

describe('the newest error', () => {
  it('is a jump where it is on the page, else a link to a page that has it last', () => {
    const { unmount } = showLog({ newestError: 9 })
    expect(href('Newest error')).toBe('#log-9')
    unmount()
    showLog({ newestError: 400 })
    const url = new URL(href('Newest error'), 'http://x')
    expect(url.hash).toBe('#log-400')
    expect(atob(url.searchParams.get('log') ?? '')).toBe('["log-newest","n",401]')
  })

  it('is not spoken of where there is none', () => {
    showLog({})
    expect(screen.queryByRole('link', { name: 'Newest error' })).toBeNull()
  })
})
