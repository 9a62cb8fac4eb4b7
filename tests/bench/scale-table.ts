import { median, percentile } from './measure'
import { emptyPage } from './scale-requests'
import type { Site } from './scale-site'

const figure = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(value < 10 ? 2 : 1))
const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1)

/** A line a kind of request: p50 and p99 in milliseconds by size, then of the largest what it is compared with. */
export function printTable(sites: Site[]) {
  const [least, most] = [sites[0], sites.at(-1)]
  if (!least || !most) return
  const empty = median(most.measured.get(emptyPage)?.taken ?? [])
  const head = [
    'request',
    ...sites.flatMap(({ size }) => [`p50 at ${short(size)}`, 'p99']),
    `x ${short(least.size)}`,
    'x empty',
    'statements',
    'KB',
    'KB gzip',
  ]
  const lines = [...most.measured].map(([name, { taken, problem, statements, rawBytes, bytes }]) => {
    if (problem) return [name, problem]
    const each = sites.map((site) => site.measured.get(name)?.taken ?? [])
    return [
      name,
      ...each.flatMap((values) => [figure(median(values)), figure(percentile(values, 0.99))]),
      figure(median(taken) / median(each[0] ?? [])),
      figure(median(taken) / empty),
      String(statements),
      kilobytes(rawBytes),
      kilobytes(bytes),
    ]
  })
  const rows = [head, ...lines]
  const widths = head.map((_, at) =>
    Math.max(...rows.filter((row) => row.length > 2).map((row) => (row[at] ?? '').length)),
  )
  const measured = most.measured.get(emptyPage)?.taken.length ?? 0
  console.log(`\nMilliseconds from request to last byte on one connection, ${measured} of each`)
  for (const row of rows) {
    console.log(
      `  ${row.map((cell, at) => (at === 0 || row.length === 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`,
    )
  }
  console.log()
}

const short = (size: number) => (size >= 1_000_000 ? `${size / 1_000_000}M` : `${size / 1000}k`)
