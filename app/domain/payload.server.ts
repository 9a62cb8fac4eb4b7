/** The most of a payload that is kept, in characters. */
export const maxPayload = 65_536

const secretKey =
  /"([^"\\]*(?:password|passwd|secret|authorization|api[-_]?key|access[-_]?token|refresh[-_]?token|lease[-_]?token|cookie|private[-_]?key)[^"\\]*|token)"(\s*:\s*)"(?:[^"\\]|\\.)*"/gi
const secretValue = /\b(Bearer\s+)[\w.~+/=-]{12,}|\b(docket_|sk-|ghp_|xox[bp]-)[\w-]{12,}/g

/** Secrets out, by the names of keys and the shapes of well-known tokens. Works on the text: numbers stay exact. */
export function redacted(json: string): string {
  return json
    .replace(secretKey, '"$1"$2"[redacted]"')
    .replace(secretValue, (_, bearer?: string, prefix?: string) => `${bearer ?? prefix}[redacted]`)
}

/**
 * JSON text as the log keeps it: redacted, and cut where it is long. What was cut stays valid JSON:
 * `{"truncated": true, "characters": <of the whole>, "head": "<the beginning>"}`.
 */
export function capped(json: string): string {
  const clean = redacted(json)
  if (clean.length <= maxPayload) return clean
  return JSON.stringify({ truncated: true, characters: clean.length, head: clean.slice(0, maxPayload) })
}
