import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { LogView } from '~/domain/jobs/view'
import { excerpt, shown } from '~/ui/excerpt'
import { JobLogItem } from '~/ui/JobLogItem'
import { show } from './render'

const row: LogView = {
  seq: 7,
  id: 'w.1',
  number: 3,
  kind: 'call',
  status: 'IN_PROGRESS',
  message: null,
  requestPayload: null,
  responsePayload: null,
  actorKind: 'agent',
  actorId: 'a1',
  actorName: 'Toolbox',
  agentId: 'a1',
  attempt: 1,
  version: 2,
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
}

const part = (payload: string | null) =>
  payload === null ? null : excerpt(payload, shown.payload, '/api/jobs/j/logs/3/response')

const showItem = (log: Partial<LogView>) =>
  show(() => {
    const { requestPayload, responsePayload, ...all } = { ...row, ...log }
    return (
      <ol>
        <JobLogItem
          log={{ ...all, requestPayload: part(requestPayload), responsePayload: part(responsePayload) }}
        />
      </ol>
    )
  })

describe('JobLogItem', () => {
  it('shows HTML in messages and payloads as text', () => {
    const html = '<img src=x onerror="alert(1)"><b>bold</b>'
    const { container } = showItem({ message: html, responsePayload: JSON.stringify({ html }) })
    expect(container.querySelector('img, b')).toBeNull()
    expect(screen.getByText(html)).toBeTruthy()
    expect(container.querySelector('pre')?.textContent).toContain('<b>bold</b>')
  })

  it('keeps big numbers digit for digit', () => {
    const payload =
      '{"id":12345678901234567890,"list":[9007199254740993,1e400],"empty":{},"text":"a, b: {c}"}'
    const { container } = showItem({ requestPayload: payload })
    expect(container.querySelector('pre')?.textContent).toBe(
      `{
  "id": 12345678901234567890,
  "list": [
    9007199254740993,
    1e400
  ],
  "empty": {},
  "text": "a, b: {c}"
}`,
    )
  })

  it('has its payloads closed, and says where the whole of a huge one is', () => {
    const { container } = showItem({ responsePayload: JSON.stringify('x'.repeat(60_000)) })
    expect(container.querySelector('details')?.open).toBe(false)
    expect(container.querySelector('pre')?.textContent).toHaveLength(shown.payload)
    expect(screen.getByText(/beginning of 60,000 characters/)).toBeTruthy()
    expect(screen.getByText('Open the whole as JSON').getAttribute('href')).toBe(
      '/api/jobs/j/logs/3/response',
    )
  })

  it('says what is redacted past what is shown, and where its file is before there is JavaScript', () => {
    showItem({ responsePayload: JSON.stringify({ long: 'x'.repeat(20_000), password: '[redacted]' }) })
    expect(screen.getByText('redacted')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Download as JSON', hidden: true }).getAttribute('href')).toBe(
      '/api/jobs/j/logs/3/response?download=1',
    )
  })

  it('keeps the names that people and agents chose from turning what is around them', () => {
    const { container } = showItem({ actorName: 'a\u202eb\u0000' })
    expect(container.querySelector('bdi')?.textContent).toBe('a\ufffdb\ufffd')
  })

  it('says who did what, and when to the second', () => {
    const { container } = showItem({
      kind: 'accept',
      status: 'COMPLETED',
      actorKind: 'user',
      actorName: 'Ada',
    })
    expect(screen.getByText('Ada')).toBeTruthy()
    expect(screen.getByText('accepted the result')).toBeTruthy()
    expect(screen.getByText('Completed')).toBeTruthy()
    expect(container.querySelector('time')?.getAttribute('datetime')).toBe('2026-01-02T03:04:05.000Z')
  })

  it('names Docket where nobody else did it', () => {
    showItem({ kind: 'expire', actorKind: 'system', actorName: null, message: 'The lease ran out.' })
    expect(screen.getByText('Docket')).toBeTruthy()
  })
})
