/** The time zone that the device is in. For the browser. */

/** A zone has several names (`Asia/Calcutta`, `Asia/Kolkata`), and browsers do not agree on one. */
const canonical = (zone: string) =>
  new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone

/** The device's zone under one of the names that are offered; undefined if it is none of them. */
export function deviceZone(offered: readonly string[]): string | undefined {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return offered.find((each) => each === own) ?? offered.find((each) => canonical(each) === canonical(own))
}
