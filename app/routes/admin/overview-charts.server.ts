import { scaleBand, scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { failureRate, type Period } from '~/domain/overview/period'
import { hourOf, weekdayText } from '~/domain/zones/calendar'
import type { Chart, Column, Segment, Tick } from '~/ui/chart'
import { bucketName, bucketTitle, percentText } from '~/ui/overview-words'

/** Charts are drawn here, so that no browser has to load what draws them. */

const flowHeight = 150
const rateHeight = 64

/** Completed and failed jobs as stacked bars, new ones as a line. */
export function flowChart(period: Period): Chart {
  const { buckets } = period
  const most = Math.max(...buckets.map((each) => Math.max(each.created, each.completed + each.failed)), 4)
  const y = scaleLinear().domain([0, most]).nice(4).range([flowHeight, 0])
  const columns = columnsOf(period, ({ completed, failed }) => [
    segment('completed', y(completed), flowHeight),
    segment('failed', y(completed + failed), y(completed)),
  ])
  const points = buckets.map(({ created }, n) => [middle(columns[n]), y(created)] as [number, number])
  return {
    height: flowHeight,
    levels: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((level) => ({ y: y(level), label: level.toLocaleString('en') })),
    ticks: ticksOf(period, columns),
    columns,
    line: line()(points) ?? '',
  }
}

/** The share that failed of what ended, where anything did. */
export function rateChart(period: Period): Chart {
  const y = scaleLinear().domain([0, 1]).range([rateHeight, 0])
  const columns = columnsOf(period, (flow) => {
    const rate = failureRate(flow)
    // none failed of those that ended: a foot, to tell it from nothing ended
    return rate === null
      ? []
      : [segment(rate === 0 ? 'none' : 'failed', Math.min(y(rate), rateHeight - 2), rateHeight)]
  })
  return {
    height: rateHeight,
    levels: [0, 0.5, 1].map((level) => ({ y: y(level), label: percentText(level) })),
    ticks: ticksOf(period, columns),
    columns,
    line: null,
  }
}

const segment = (kind: Segment['kind'], top: number, bottom: number): Segment => ({
  kind,
  y: round(top),
  height: round(bottom - top),
})

function columnsOf(period: Period, segmentsOf: (flow: Period['total']) => Segment[]): Column[] {
  const { buckets } = period
  const x = scaleBand<number>()
    .domain(buckets.map(({ at }) => at))
    .range([0, 100])
    .paddingInner(0.3)
    .paddingOuter(0.15)
  return buckets.map((bucket) => ({
    x: round(x(bucket.at) ?? 0),
    width: round(x.bandwidth()),
    segments: segmentsOf(bucket).filter(({ height }) => height > 0),
    title: bucketTitle(bucket, period),
  }))
}

/** Every sixth hour, or every Monday: read by the clock and the calendar, not counted from the left. */
function ticksOf({ buckets, each, zone }: Period, columns: Column[]): Tick[] {
  const byHour = each === 'hour'
  const isTick = (at: number) => (byHour ? hourOf(at, zone) % 6 === 0 : weekdayText(at, zone) === 'Mon')
  const places = buckets
    .map(({ at }, n) => ({ at, ...placeOf(middle(columns[n])) }))
    .filter(({ at }) => isTick(at))
  return places.map(({ at, ...place }, n) => ({
    ...place,
    label: bucketName(at, { each, zone }),
    isSpare: !byHour && (places.length - n) % 2 === 0,
  }))
}

/** A label at an edge would stick out on a narrow screen. */
function placeOf(x: number): Pick<Tick, 'x' | 'anchor'> {
  if (x < 6) return { x: 0, anchor: 'start' }
  return x > 94 ? { x: 100, anchor: 'end' } : { x: round(x), anchor: 'middle' }
}

const middle = (column?: Column) => (column ? column.x + column.width / 2 : 0)
const round = (value: number) => Math.round(value * 100) / 100
