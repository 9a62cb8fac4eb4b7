import { type Bucket, type Flow, failureRate, hourMs, type Period } from '~/domain/overview/period'
import { offsetText, shortDateText, timeText } from '~/domain/zones/clock'

/** What the overview's figures are called. */

export const numberText = (amount: number) => amount.toLocaleString('en')

/** `12%`; below one in a hundred `0.4%`. */
export function percentText(share: number): string {
  const percent = share * 100
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)}%`
}

export const rateText = (flow: Flow) => {
  const rate = failureRate(flow)
  return rate === null ? '–' : percentText(rate)
}

/** What a period's hours or days are, and in which time zone. */
type Scale = Pick<Period, 'each' | 'zone'>

/** A bucket's name on an axis: `14:00` or `3 Nov`. */
export const bucketName = (at: number, { each, zone }: Scale) =>
  each === 'hour' ? timeText(at, zone) : shortDateText(at, zone)

/** The hour within its day: `14:00`, or `02:00 UTC+1` of the night in which it comes twice. */
export function hourName(at: number, zone: string): string {
  const name = timeText(at, zone)
  const isTwice = [at - hourMs, at + hourMs].some((other) => timeText(other, zone) === name)
  return isTwice ? `${name} ${offsetText(at, zone)}` : name
}

/** `23 Nov, 14:00`: a bucket's whole name. */
export const bucketLongName = (at: number, { each, zone }: Scale) =>
  each === 'hour' ? `${shortDateText(at, zone)}, ${hourName(at, zone)}` : shortDateText(at, zone)

/** `23 Nov, 14:00: 3 created, 2 completed, 1 failed (33%)` */
export function bucketTitle(bucket: Bucket, scale: Scale): string {
  const { created, completed, failed, canceled } = bucket
  const parts = [
    `${numberText(created)} created`,
    `${numberText(completed)} completed`,
    `${numberText(failed)} failed${failed > 0 ? ` (${rateText(bucket)})` : ''}`,
    ...(canceled > 0 ? [`${numberText(canceled)} canceled`] : []),
  ]
  return `${bucketLongName(bucket.at, scale)}: ${parts.join(', ')}`
}

/** A chart in a sentence, for who does not see it. */
export function periodSentence({ total, each, buckets }: Period): string {
  const unit = `${each}s`
  return (
    `The last ${buckets.length} ${unit}: ${numberText(total.created)} jobs created, ` +
    `${numberText(total.completed)} completed, ${numberText(total.failed)} failed.`
  )
}

export const costText = (usd: number) =>
  `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: usd < 1 ? 4 : 2 })}`
