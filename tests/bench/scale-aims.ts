import { median, ms, percentile } from './measure'
import { emptyPage, farPage, listPage } from './scale-requests'
import type { Measured, Site } from './scale-site'
import { stallText } from './stalls'

export interface Aim {
  met: boolean
  text: string
}

const limits = {
  growth: 1.5,
  overEmpty: 4,
  far: 1.1,
  bytes: 15 * 1024,
  statements: 6,
  listMs: 4,
  megabytes: 200,
  stallMs: 100,
}

/** What the issue asks for, held against the largest size; growth against the smallest. */
export function aims(sites: Site[]): Aim[] {
  const [least, most] = [sites[0], sites.at(-1)]
  if (!least || !most) return []
  const at = most.size.toLocaleString('en')
  const p50 = (name: string, site = most) => median(site.measured.get(name)?.taken ?? [])
  const empty = p50(emptyPage)
  const all = [...most.measured]
  const exceed = (holds: (name: string, each: Measured) => string | null) =>
    all.flatMap(([name, each]) => {
      const found = each.problem ? null : holds(name, each)
      return found === null ? [] : [`${name} ${found}`]
    })
  const past = (value: number, limit: number, shown: string) => (value <= limit ? null : shown)
  const aim = (text: string, not: string[]): Aim => ({
    met: not.length === 0,
    text: not.length === 0 ? text : `${text}; but ${not.join(', ')}`,
  })
  const ratio = (value: number) => `${value.toFixed(2)} x`
  return [
    aim(
      'every request does what it asks for',
      all.flatMap(([name, { problem, asked, rows }]) => {
        if (problem) return [`${name} ${problem}`]
        return asked.unlike && rows === 0 ? [`${name} shows no job`] : []
      }),
    ),
    aim(
      `each p50 at ${at} jobs is at most ${limits.growth} x that at ${least.size.toLocaleString('en')}`,
      exceed((name, { rows }) => {
        const growth = p50(name) / p50(name, least)
        const there = least.measured.get(name)?.rows ?? 0
        const few = there < rows ? ` (${there} rows there, ${rows} here)` : ''
        return past(growth, limits.growth, ratio(growth) + few)
      }),
    ),
    aim(
      `each p50 is at most ${limits.overEmpty} x an empty page's ${ms(empty)}`,
      exceed((name) => past(p50(name) / empty, limits.overEmpty, ratio(p50(name) / empty))),
    ),
    aim(`a page far down costs the same as page 1 (within ${Math.round((limits.far - 1) * 100)} %)`, [
      ...[past(p50(farPage) / p50(listPage), limits.far, ratio(p50(farPage) / p50(listPage)))].flatMap(
        (not) => not ?? [],
      ),
    ]),
    aim(
      `list pages send at most ${limits.bytes / 1024} KB compressed`,
      exceed((_, { asked, bytes }) =>
        asked.isList ? past(bytes, limits.bytes, `${(bytes / 1024).toFixed(1)} KB`) : null,
      ),
    ),
    aim(
      `at most ${limits.statements} statements a page`,
      exceed((_, { statements }) => past(statements, limits.statements, `${statements}`)),
    ),
    aim(
      `the list's p50 is at most ${limits.listMs} ms: ${ms(p50(listPage))} (p99 ${ms(percentile(most.measured.get(listPage)?.taken ?? [], 0.99))})`,
      p50(listPage) <= limits.listMs ? [] : ['it is more'],
    ),
    aim(
      `the server's memory after the run is at most ${limits.megabytes} MB: ${most.megabytes} MB`,
      most.megabytes <= limits.megabytes ? [] : ['it is more'],
    ),
    aim(
      `nothing holds the event loop for more than ${limits.stallMs} ms`,
      [...most.stalls].flatMap(
        ([during, stall]) => past(stall.ms, limits.stallMs, `${during} does: ${stallText(stall)}`) ?? [],
      ),
    ),
    aim(
      `a claim takes at most ${limits.growth} x as long: p50 ${ms(median(most.claims))}, ${ms(median(least.claims))}`,
      median(most.claims) <= limits.growth * median(least.claims) ? [] : ['it takes more'],
    ),
  ]
}
