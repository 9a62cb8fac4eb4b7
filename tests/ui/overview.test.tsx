import { render, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { type FlowRow, periodOf, startsOf } from '~/domain/overview/period'
import type { Overview } from '~/domain/overview/view'
import { flowChart, rateChart } from '~/routes/admin/overview-charts.server'
import { OverviewNeeds } from '~/ui/OverviewNeeds'
import { OverviewPeriod } from '~/ui/OverviewPeriod'
import { OverviewVerdict } from '~/ui/OverviewVerdict'
import { costText, percentText } from '~/ui/overview-words'
import { show } from './render'

/** A Monday. */
const at = Date.UTC(2026, 10, 23, 14, 30)
const quiet = { created: 0, completed: 0, failed: 0, canceled: 0 }
const rows: FlowRow[] = [
  { number: 22, coarse: null, ...quiet, created: 9 },
  { number: 46, coarse: null, ...quiet, created: 3, completed: 6, failed: 2, canceled: 1 },
  { number: 47, coarse: null, ...quiet, completed: 4 },
]
const period = (each: 'hour' | 'day', rows: FlowRow[] = [], zone = 'UTC', now = at) =>
  periodOf(each, zone, startsOf(each, now, zone), rows)
const hours = period('hour', rows)
const days = period('day')

describe('the drawing of a chart', () => {
  it('stacks what failed on what was completed, to the scale of the levels', () => {
    const { columns, levels, height } = flowChart(hours)
    expect(columns).toHaveLength(24)
    const [completed, failed] = columns.at(-2)?.segments ?? []
    if (!completed || !failed) throw new Error('no bar')
    const each = (height - (levels.find(({ label }) => label === '8')?.y ?? 0)) / 8
    expect(completed).toEqual({ kind: 'completed', y: height - 6 * each, height: 6 * each })
    expect(failed).toEqual({ kind: 'failed', y: height - 8 * each, height: 2 * each })
    expect(columns.at(-1)?.segments.map(({ kind }) => kind)).toEqual(['completed'])
    expect(columns[0]?.segments).toEqual([])
  })

  it('keeps to its width, in order, and says each column in words', () => {
    for (const each of [hours, days]) {
      const { columns, ticks } = flowChart(each)
      for (const [n, { x, width }] of columns.entries()) {
        expect(x).toBeGreaterThanOrEqual(
          n === 0 ? 0 : (columns[n - 1]?.x ?? 0) + (columns[n - 1]?.width ?? 0),
        )
        expect(x + width).toBeLessThanOrEqual(100)
      }
      for (const { x } of ticks) expect(x >= 0 && x <= 100).toBe(true)
    }
    expect(flowChart(hours).columns.at(-2)?.title).toBe(
      '23 Nov, 13:00: 3 created, 6 completed, 2 failed (25%), 1 canceled',
    )
  })

  it('names the clock’s own hours and the weeks’ Mondays', () => {
    expect(flowChart(hours).ticks.map(({ label }) => label)).toEqual(['18:00', '00:00', '06:00', '12:00'])
    expect(
      flowChart(days).ticks.map(({ label, anchor, isSpare }) => `${label} ${isSpare ? 'spare' : anchor}`),
    ).toEqual(['26 Oct start', '2 Nov spare', '9 Nov middle', '16 Nov spare', '23 Nov end'])
  })

  it('has whole numbers for levels, even where there is next to nothing', () => {
    const one = period('hour', [{ number: 47, coarse: null, ...quiet, created: 1 }])
    expect(flowChart(one).levels.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4'])
  })

  it('tells none failed from nothing ended', () => {
    const { columns, height } = rateChart(hours)
    expect(columns.at(-2)?.segments).toEqual([{ kind: 'failed', y: height * 0.75, height: height * 0.25 }])
    expect(columns.at(-1)?.segments.map(({ kind }) => kind)).toEqual(['none'])
    expect(columns[0]?.segments).toEqual([])
  })
})

describe('a period', () => {
  const section = (shown = hours) => (
    <OverviewPeriod
      id="day"
      title="The last 24 hours"
      before="the 24 hours"
      period={shown}
      flow={flowChart(shown)}
      rate={rateChart(shown)}
    />
  )

  it('is a picture with a name, totals, and the same as a table', () => {
    render(section())
    expect(
      screen.getByRole('img', { name: 'The last 24 hours: 3 jobs created, 10 completed, 2 failed.' }),
    ).toBeTruthy()
    expect(screen.getByRole('img', { name: /Failure rate over the same time: 17% altogether/ })).toBeTruthy()
    const table = screen.getByRole('table', { hidden: true })
    const lines = within(table).getAllByRole('row', { hidden: true })
    expect(lines).toHaveLength(25)
    expect(lines[2]?.textContent).toBe('23 Nov 13:00362125%')
    expect(lines[3]?.textContent).toBe('23 Nov 12:000000–')
  })

  it('marks what failed by more than its colour, in the bars and in the key', () => {
    const { container } = render(section())
    const hatched = [...container.querySelectorAll('rect[fill^="url(#"]')]
    // one bar, its rate, and the key
    expect(hatched).toHaveLength(3)
    for (const each of hatched) {
      const id = /#(.+)\)/.exec(each.getAttribute('fill') ?? '')?.[1] ?? ''
      expect(container.querySelectorAll(`pattern[id="${id}"]`)).toHaveLength(1)
    }
    expect(container.querySelector('[style]')).toBeNull()
  })

  it('is cut by the clocks and days of its zone, and says so where they were not counted by', () => {
    const zone = 'Asia/Kolkata'
    const before = {
      number: 40,
      coarse: (startsOf('hour', at, zone)[40] as number) / 900_000 - 2,
      ...quiet,
      created: 1,
    }
    const kolkata = period('hour', [before, { number: 47, coarse: null, ...quiet, created: 2 }], zone)
    const { container } = render(section(kolkata))
    expect(screen.getByText('By the hour, in Asia/Kolkata')).toBeTruthy()
    expect(flowChart(kolkata).ticks.map(({ label }) => label)).toEqual(['00:00', '06:00', '12:00', '18:00'])
    expect(container.querySelector('tbody tr')?.textContent).toBe('23 Nov 20:002000–')
    expect(
      screen.getByText(/^Until 23 Nov 2026, 13:30:00 UTC\+5:30 jobs were counted by the hour of UTC/),
    ).toBeTruthy()
    expect(
      flowChart(period('day', [], zone))
        .ticks.map(({ label }) => label)
        .at(-1),
    ).toBe('23 Nov')
  })

  it('tells the two hours apart that a clock shows twice', () => {
    const night = period('hour', [], 'Europe/Berlin', Date.UTC(2026, 9, 25, 5))
    const titles = flowChart(night).columns.map(({ title }) => title.replace(/: .*/, ''))
    expect(titles.slice(-6)).toEqual([
      '25 Oct, 02:00 UTC+2',
      '25 Oct, 02:00 UTC+1',
      '25 Oct, 03:00',
      '25 Oct, 04:00',
      '25 Oct, 05:00',
      '25 Oct, 06:00',
    ])
  })

  it('says so where there is nothing to draw', () => {
    render(section(period('hour')))
    expect(screen.getByText('No job was handed in or closed in this time.')).toBeTruthy()
    expect(screen.queryByRole('img')).toBeNull()
  })
})

it('a verdict says what is wrong and leads there', () => {
  show(() => (
    <OverviewVerdict
      verdict={{
        tone: 'danger',
        headline: 'Something is wrong.',
        summary: 'Open jobs: 1 in progress.',
        concerns: [
          { tone: 'danger', text: 'Most failed.', about: { kind: 'failed' } },
          { tone: 'warn', text: '\u202eNight shift is paused.', about: { kind: 'agent', id: 'a1' } },
        ],
      }}
    />
  ))
  expect(screen.getByRole('region', { name: 'Something is wrong.' })).toBeTruthy()
  expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
    ['Most failed.', '/admin/jobs?status=FAILED'],
    ['\ufffdNight shift is paused.', '/admin/agents/a1'],
  ])
})

it('what needs someone: who, since when, and all of them', () => {
  const job = {
    ...{ id: 'j1', name: 'Count', ownerName: 'Olive', agentName: 'Sorter', since: 0 },
    ...{ status: 'INPUT_REQUIRED' as const, why: 'Which order?' },
  }
  const schedule = {
    ...{ id: 's1', name: 'Weekly', ownerName: 'Oscar', since: 0 },
    ...{ job: { id: 'j2', name: 'Report' }, why: 'No command' },
  }
  const overview = {
    open: { PENDING: 0, ASSIGNED: 0, IN_PROGRESS: 0, INPUT_REQUIRED: 7, IN_REVIEW: 0 },
    needs: { questions: [job], reviews: [], failures: [], stuck: [], schedules: [schedule] },
    failingSchedules: 7,
  } as unknown as Overview
  show(() => <OverviewNeeds overview={overview} />)
  expect(screen.getByRole('link', { name: 'Count' }).getAttribute('href')).toBe('/admin/jobs/j1')
  expect(screen.getByRole('link', { name: 'Weekly' }).getAttribute('href')).toBe('/schedules/s1')
  expect(screen.getAllByText(/Up to/).map(({ textContent }) => textContent)).toEqual([
    'Up to Olive · Sorter · Which order?',
    'Up to Oscar · Report failed · No command',
  ])
  expect(screen.getAllByText('1 Jan 1970')).toHaveLength(2)
  expect(screen.getByRole('link', { name: /^All 7\s*\(failing schedules\)$/ }).getAttribute('href')).toBe(
    '/schedules?scope=all&failing=true',
  )
  expect(screen.getByRole('link', { name: /^All 7\s*\(to be answered\)$/ }).getAttribute('href')).toBe(
    '/admin/jobs?status=INPUT_REQUIRED',
  )
  expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(2)
})

it('shares and costs are as exact as they are read', () => {
  expect([0, 0.004, 0.126, 1].map(percentText)).toEqual(['0%', '0.4%', '13%', '100%'])
  expect([0, 0.0123, 1234.5].map(costText)).toEqual(['$0.00', '$0.0123', '$1,234.50'])
})
