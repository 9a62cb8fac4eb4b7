import { Link, Outlet, useLoaderData } from '@remix-run/react'
import { createRemixStub } from '@remix-run/testing'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { LiveProvider, useLivePage } from '~/ui/live'
import { useLiveJob } from '~/ui/live-job'
import type { LiveEntry } from '~/ui/live-source'
import type { LogRow } from '~/ui/log-rows'

/** A stream that the test writes into. */
class FakeStream extends EventTarget {
  static readonly OPEN = 1
  static readonly CLOSED = 2
  static open: FakeStream[] = []
  readyState = 0
  onopen: () => void = () => undefined
  onmessage: (event: { data: string }) => void = () => undefined
  onerror: () => void = () => undefined
  constructor(readonly url: string) {
    super()
    FakeStream.open.push(this)
    queueMicrotask(() => {
      this.readyState = FakeStream.OPEN
      this.onopen()
    })
  }
  close() {
    this.readyState = FakeStream.CLOSED
  }
}

const row = (number: number, kind = 'message') =>
  ({
    id: `row-${number}`,
    number,
    seq: number,
    kind,
    attempt: 1,
    agentId: null,
    message: `Line ${number}`,
  }) as LogRow
const heard = (number: number, kind = 'message') =>
  ({ ...row(number, kind), jobId: 'j', ownerId: 'me', jobName: 'Job', status: 'IN_PROGRESS' }) as LiveEntry

/** What the open stream sends. */
const send = (...rows: LiveEntry[]) =>
  act(async () => {
    for (const each of rows) FakeStream.open.at(-1)?.onmessage({ data: JSON.stringify(each) })
    await new Promise((resolve) => setTimeout(resolve, 60))
  })

beforeEach(() => {
  FakeStream.open = []
  vi.stubGlobal('EventSource', FakeStream)
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
})
afterAll(() => vi.unstubAllGlobals())

const range = (from: number, to: number, make: (number: number) => LiveEntry = heard) =>
  Array.from({ length: to - from + 1 }, (_, n) => make(from + n))

/** A page of a running job whose log was read up to row 5. */
async function showJob(reads = vi.fn(() => 5)) {
  function Job() {
    const upTo = useLoaderData<number>()
    const rows = Rows(upTo)
    const live = useLiveJob(
      { id: 'j', status: 'IN_PROGRESS' },
      { rows, prevCursor: null, nextCursor: null, lookedTo: null, filter: {}, errors: {}, newestError: null },
    )
    return (
      <>
        <button type="button" onClick={() => live.setPaused(!live.isPaused)}>
          {live.isPaused ? `Follow ${live.held}` : 'Pause'}
        </button>
        <p data-testid="rows">{live.log.rows.map(({ number }) => number).join(' ')}</p>
        <p data-testid="progress">{live.progress.map(({ message }) => message).join(' ')}</p>
      </>
    )
  }
  const Stub = createRemixStub([
    {
      path: '/',
      loader: reads,
      Component: () => (
        <LiveProvider userId="me" head={5}>
          <Job />
        </LiveProvider>
      ),
    },
  ])
  render(<Stub />)
  await waitFor(() => expect(FakeStream.open).toHaveLength(1))
  return { reads }
}
/** The same rows for the same reading, as a loader's data are. */
const readings = new Map<number, LogRow[]>()
function Rows(upTo: number): LogRow[] {
  const rows = readings.get(upTo) ?? Array.from({ length: upTo }, (_, n) => row(n + 1))
  readings.set(upTo, rows)
  return rows
}
const shown = () => screen.getByTestId('rows').textContent?.split(' ').map(Number) ?? []

it('a log that grows far beyond what was read keeps its newest rows', async () => {
  const { reads } = await showJob()
  expect(shown()).toEqual([1, 2, 3, 4, 5])
  await send(...range(6, 900))
  await send(...range(901, 1200))
  expect(shown().at(-1)).toBe(1200)
  expect(shown().length).toBeGreaterThanOrEqual(500)
  expect(shown()).toEqual(range(shown()[0] as number, 1200).map(({ number }) => number))
  expect(reads).toHaveBeenCalledTimes(1)
})

it('a paused log stays as it is, however much comes, and counts it', async () => {
  await showJob()
  await send(...range(6, 20))
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  await send(...range(21, 2900))
  expect(shown()).toEqual(range(1, 20).map(({ number }) => number))
  fireEvent.click(screen.getByRole('button', { name: 'Follow 2880' }))
  expect(shown().at(-1)).toBe(2900)
})

it('what is read further up is not taken away: the rest is held back', async () => {
  await showJob()
  await send(...range(6, 1900))
  await send(...range(1901, 2100))
  expect(shown()[0]).toBe(1)
  expect(shown().at(-1)).toBe(1900)
  expect(screen.getByRole('button', { name: 'Follow 200' })).toBeTruthy()
})

it('a row that is missing between is read', async () => {
  const reads = vi.fn(() => 5)
  await showJob(reads)
  reads.mockImplementation(() => 9)
  await send(heard(8))
  await waitFor(() => expect(shown()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]))
})

it('the progress is heard whatever the log shows, and begins anew with an attempt', async () => {
  await showJob()
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  await send(heard(6, 'claim'), heard(7, 'progress'), heard(8), heard(9, 'progress'))
  expect(screen.getByTestId('progress').textContent).toBe('Line 6 Line 9')
  await send(heard(10, 'claim'))
  expect(screen.getByTestId('progress').textContent).toBe('Line 10')
})

it('what happens while the next page is on its way is not lost there', async () => {
  let release = (_: null) => {}
  const reads = vi.fn(
    () =>
      new Promise<null>((resolve) => {
        release = resolve
      }),
  )
  function Next() {
    useLivePage({ scope: 'own' })
    return <p>Here</p>
  }
  const Stub = createRemixStub([
    {
      path: '/',
      Component: () => (
        <LiveProvider userId="me" head={5}>
          <Outlet />
        </LiveProvider>
      ),
      children: [
        {
          index: true,
          Component: function First() {
            useLivePage({ scope: 'own' })
            return <Link to="/next">On</Link>
          },
        },
        { path: 'next', loader: reads, Component: Next },
      ],
    },
  ])
  render(<Stub />)
  await waitFor(() => expect(FakeStream.open).toHaveLength(1))
  fireEvent.click(screen.getByRole('link', { name: 'On' }))
  await waitFor(() => expect(reads).toHaveBeenCalledTimes(1))
  await send(heard(6, 'edit'))
  await act(async () => release(null))
  await screen.findByText('Here')
  await waitFor(() => expect(reads).toHaveBeenCalledTimes(2))
  await act(async () => release(null))
})
