/** Milliseconds of each of `count` runs, one after the other; `warmUp` more come before and are not counted. */
export async function times(
  count: number,
  work: (n: number) => Promise<unknown>,
  warmUp = 5,
): Promise<number[]> {
  for (let n = 0; n < warmUp; n++) await work(-1 - n)
  const taken: number[] = []
  for (let n = 0; n < count; n++) {
    const startedAt = performance.now()
    await work(n)
    taken.push(performance.now() - startedAt)
  }
  return taken
}

/** The value below which `part` (0 to 1) of them lie. */
export function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

export const median = (values: number[]) => percentile(values, 0.5)

/** How many a second, by the sum of their times. */
export const perSecond = (taken: number[], each = 1) =>
  (taken.length * each * 1000) / taken.reduce((a, b) => a + b, 0)

export interface Line {
  what: string
  value: string
  /** What it is held against in the same run, and how it compares. */
  against?: string
  ratio?: number
}

export const rate = (value: number) => `${Math.round(value).toLocaleString('en')}/s`
export const ms = (value: number) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`
export const spread = (taken: number[]) => `p50 ${ms(median(taken))}, p99 ${ms(percentile(taken, 0.99))}`

export function print(title: string, lines: Line[]): void {
  const width = (of: (line: Line) => string) => Math.max(...lines.map((line) => of(line).length))
  const [what, value] = [width((line) => line.what), width((line) => line.value)]
  console.log(`\n${title}`)
  for (const line of lines) {
    const compared = line.ratio === undefined ? '' : `  ${line.ratio.toFixed(2)} x ${line.against}`
    console.log(`  ${line.what.padEnd(what)}  ${line.value.padStart(value)}${compared}`)
  }
}
