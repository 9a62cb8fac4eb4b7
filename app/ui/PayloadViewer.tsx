import { ChevronRight } from './icons'
import { prettyJson } from './pretty-json'

/** So much of a payload a page shows, in characters; the API has the whole of it. */
export const shownCharacters = 50_000

/** JSON text, laid out and as text only. */
export function Json({ text }: { text: string }) {
  const cut = text.length > shownCharacters
  const shown = cut ? text.slice(0, shownCharacters) : prettyJson(text)
  return (
    <>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that it can be scrolled by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {shown}
      </pre>
      {cut && (
        <p className="mt-1 text-xs text-ink-2">
          Shown are the first {shownCharacters.toLocaleString('en')} of {text.length.toLocaleString('en')}{' '}
          characters; the API gives the rest.
        </p>
      )}
    </>
  )
}

const size = (characters: number) =>
  characters < 1000
    ? `${characters} characters`
    : `${(characters / 1000).toFixed(characters < 10_000 ? 1 : 0)}k characters`

/** A request or an answer on the record, closed until somebody wants to see it. */
export function PayloadViewer({ label, payload }: { label: string; payload: string }) {
  return (
    <details className="group min-w-0">
      <summary className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {label}
        <span className="text-ink-3">({size(payload.length)})</span>
      </summary>
      <div className="mt-1.5">
        <Json text={payload} />
      </div>
    </details>
  )
}
