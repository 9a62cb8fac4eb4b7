/** What the clocks of a time zone show, the same on the server and in the browser. Pure. */

export const utc = 'UTC'

const formats = new Map<string, Intl.DateTimeFormat>()
/** A format takes long to make and holds much memory. */
const mostFormats = 100

/**
 * How far the clocks of a zone are ahead of UTC, in milliseconds.
 *
 * @param at milliseconds since 1970 UTC
 * @param zone an IANA name
 * @throws {RangeError} there is no such zone
 */
export function aheadOf(at: number, zone = utc): number {
  if (zone === utc) return 0
  let format = formats.get(zone)
  if (!format) {
    if (formats.size >= mostFormats) formats.clear()
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  // 10/25/2026, GMT+05:30; before there was standard time GMT-04:56:02
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d\d):(\d\d):?(\d\d)?$/.exec(format.format(at)) ?? []
  return (
    Number(`${sign ?? ''}1`) *
    (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)) *
    1000
  )
}

/** `2025-11-12T14:03:27.000Z`, by the clocks of the zone whatever the Z says. */
const localIso = (at: number, zone?: string) => new Date(at + aheadOf(at, zone)).toISOString()

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const shortDate = (iso: string) => `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1]}`
const date = (iso: string) => `${shortDate(iso)} ${iso.slice(0, 4)}`

/** `12 Nov` */
export const shortDateText = (at: number, zone?: string): string => shortDate(localIso(at, zone))

/** `12 Nov 2025` */
export const dateText = (at: number, zone?: string): string => date(localIso(at, zone))

/** `14:03` */
export const timeText = (at: number, zone?: string): string => localIso(at, zone).slice(11, 16)

/** `UTC+5:30`. Counted here: Node and browsers name one offset in several ways (`GMT`, `GMT+0`, `CET`). */
export function offsetText(at: number, zone?: string): string {
  const ahead = aheadOf(at, zone)
  const minutes = Math.round(Math.abs(ahead) / 60_000)
  if (minutes === 0) return utc
  const rest = minutes % 60
  return `${utc}${ahead < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** `12 Nov 2025, 14:03:27 UTC`, or `12 Nov 2025, 15:03:27 UTC+1` in another zone. */
export function exactText(at: number, zone?: string): string {
  const iso = localIso(at, zone)
  return `${date(iso)}, ${iso.slice(11, 19)} ${offsetText(at, zone)}`
}

/** `2025-11-12T14:03`, as `datetime-local` has it; with seconds only if there are any. */
export function localText(at: number, zone?: string): string {
  const iso = localIso(at, zone)
  return iso.slice(0, iso.slice(17, 19) === '00' ? 16 : 19)
}

/** `2025-11-12` */
export const localDay = (at: number, zone?: string): string => localIso(at, zone).slice(0, 10)
