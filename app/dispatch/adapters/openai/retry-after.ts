/**
 * How long a server asks to wait, in milliseconds: by `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3). Undefined where it does not say.
 */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const exact = amount(headers.get('retry-after-ms'))
  if (exact !== undefined) return exact
  const asked = headers.get('retry-after')
  const seconds = amount(asked)
  if (seconds !== undefined) return seconds * 1000
  const date = Date.parse(asked ?? '')
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function amount(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}
