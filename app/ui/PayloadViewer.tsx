import { beginning, type Excerpt, shown } from './excerpt'
import { ChevronRight } from './icons'
import { prettyJson } from './pretty-json'

/** JSON text, laid out and as text only; at most `most` characters of it. */
export function Json({ excerpt, most }: { excerpt: Excerpt; most: number }) {
  const laidOut = prettyJson(excerpt.json, most)
  return (
    <>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that it can be scrolled by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {beginning(laidOut, most)}
      </pre>
      {(excerpt.cut || laidOut.length > most) && <CutNote excerpt={excerpt} />}
    </>
  )
}

/** Says that there is more, and where. */
export function CutNote({ excerpt: { characters, whole } }: { excerpt: Excerpt }) {
  return (
    <p className="mt-1 text-xs text-ink-2">
      This is the beginning of {characters.toLocaleString('en')} characters.{' '}
      <a href={whole} className="text-accent underline">
        Open the whole as JSON
      </a>
    </p>
  )
}

const size = (characters: number) =>
  characters < 1000
    ? `${characters} characters`
    : `${(characters / 1000).toFixed(characters < 10_000 ? 1 : 0)}k characters`

/** A request or an answer on the record, closed until somebody wants to see it. */
export function PayloadViewer({ label, payload }: { label: string; payload: Excerpt }) {
  return (
    <details className="group min-w-0">
      <summary className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {label}
        <span className="text-ink-3">({size(payload.characters)})</span>
      </summary>
      <div className="mt-1.5">
        <Json excerpt={payload} most={shown.payload} />
      </div>
    </details>
  )
}
