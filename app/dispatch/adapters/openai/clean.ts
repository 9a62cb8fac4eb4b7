/** Placeholders that local servers are given ("none", "ollama") are no secrets, and would blot out words. */
const leastSecret = 8

const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

/** Replaces the key in every text within a value, also in JSON, and in an answer in JSON that is kept in JSON. */
export function cleaner(key = ''): <T>(value: T) => T {
  if (key.length < leastSecret) return (value) => value
  const forms = [...new Set([escaped(escaped(key)), escaped(key), key])]
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return forms.reduce((text, form) => text.replaceAll(form, '[redacted]'), value)
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clean(inner)]))
  }
  return <T>(value: T) => clean(value) as T
}
