import { declaredType, saysMarkdown } from './declared-type'

/** An image that an agent handed in as text. */
export interface ResultImage {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  base64: string
  /** What it shows, in words, where the agent said so. */
  alt: string | undefined
}

/** Raster images alone: an SVG can hold anything. */
const dataUrl = /^data:(image\/(?:png|jpeg|gif|webp));base64,/
const isRaster = (type = ''): type is ResultImage['type'] => /^image\/(?:png|jpeg|gif|webp)$/.test(type)

/**
 * The image that a result is, however long it is: `"data:image/png;base64,…"`, that in an object's `image`, `dataUrl`
 * or `content`, or an object's `base64` with its `contentType`. Markdown beside it counts more.
 * @param json the text as it is kept
 */
export function imageOf(json: string): ResultImage | null {
  // most results are none: told without parsing megabytes
  const source = longText(json)
  if (!source || json.length - (source.end - source.begin) > maxBeside) return null
  try {
    return imageIn(JSON.parse(json))
  } catch {
    return null
  }
}

/** The most that there is beside an image's own text, in characters. */
const maxBeside = 500_000

/** Where the text that may be an image begins and ends. */
function longText(json: string): { begin: number; end: number } | null {
  const [found] = /data:image|"base64"\s*:\s*"/.exec(json) ?? []
  if (!found) return null
  const begin = json.indexOf(found) + found.length
  const end = json.indexOf('"', begin)
  return { begin, end: end < 0 ? json.length : end }
}

/**
 * A long result as JSON text of which the middle of an image is left out: enough to tell what it is.
 * @param head its beginning
 * @param tail its end
 */
export function withoutMiddle(head: string, tail: string): string {
  const { begin, end } = longText(head) ?? { begin: 0, end: 0 }
  // what ends within the beginning is no image of that length
  return end < head.length ? '' : head.slice(0, begin + 100) + tail.slice(tail.indexOf('"'))
}

function imageIn(value: unknown): ResultImage | null {
  if (typeof value === 'string') return imageAt(value, undefined)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const of: Partial<Record<string, unknown>> = value
  if (saysMarkdown(of)) return null
  const alt = typeof of.alt === 'string' ? of.alt : undefined
  const url = [of.image, of.dataUrl, of.content].find((each) => typeof each === 'string')
  const image = url === undefined ? null : imageAt(url, alt)
  if (image) return image
  const type = declaredType(of)
  return isRaster(type) && typeof of.base64 === 'string' ? imageFrom(type, of.base64, alt) : null
}

function imageAt(url: string, alt: string | undefined): ResultImage | null {
  const text = url.trim()
  const [beginning, type] = dataUrl.exec(text) ?? []
  return beginning && isRaster(type) ? imageFrom(type, text.slice(beginning.length), alt) : null
}

/** Base64 to its end (RFC 4648); what is no base64 is looked for, since a match of megabytes would outgrow the stack. */
function imageFrom(type: ResultImage['type'], base64: string, alt: string | undefined): ResultImage | null {
  const stranger = base64.search(/[^A-Za-z0-9+/]/)
  const isBase64 = stranger < 0 ? base64 !== '' : stranger > 0 && /^={1,2}$/.test(base64.slice(stranger))
  return isBase64 ? { type, base64, alt } : null
}
