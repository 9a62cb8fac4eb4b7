import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { beginning } from '~/domain/beginning'
import { DownloadLink } from './DownloadLink'
import { type Excerpt, shown } from './excerpt'
import { ChevronRight, EyeOff } from './icons'
import { prettyJson } from './pretty-json'

/** Loaded with the first payload that somebody opens. */
const JsonTools = lazy(() => import('./JsonTools'))

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
export function CutNote({ excerpt: { characters, bytes, whole } }: { excerpt: Excerpt }) {
  return (
    <p className="mt-1 text-xs text-ink-2">
      This is the beginning of{' '}
      {bytes ? `${(bytes / 1e6).toFixed(1)} MB` : `${characters.toLocaleString('en')} characters`}.{' '}
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

/**
 * A request or an answer on the record, closed until somebody wants to see it: as text, and where there is JavaScript
 * as a tree as well.
 */
export function PayloadViewer({ label, payload }: { label: string; payload: Excerpt }) {
  const details = useRef<HTMLDetailsElement>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const element = details.current
    // it may have been opened before there was JavaScript
    const follow = () => setOpen(element?.open === true)
    follow()
    element?.addEventListener('toggle', follow)
    return () => element?.removeEventListener('toggle', follow)
  }, [])
  return (
    <details ref={details} className="group min-w-0">
      <summary className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {label}
        <span className="text-ink-3">({size(payload.characters)})</span>
        {payload.isRedacted && (
          <span className="inline-flex items-center gap-1 text-warn">
            <EyeOff aria-hidden className="size-3" />
            redacted
          </span>
        )}
      </summary>
      <div className="mt-1.5 flex flex-col gap-2">
        {isOpen ? (
          <LiveJson excerpt={payload} most={shown.payload} />
        ) : (
          <StillJson excerpt={payload} most={shown.payload} />
        )}
      </div>
    </details>
  )
}

/** JSON as text, and where there is JavaScript as a tree as well: searched, copied, kept as a file. */
export function JsonBox({ excerpt, most }: { excerpt: Excerpt; most: number }) {
  const [isAlive, setAlive] = useState(false)
  useEffect(() => setAlive(true), [])
  return isAlive ? <LiveJson excerpt={excerpt} most={most} /> : <StillJson excerpt={excerpt} most={most} />
}

const LiveJson = ({ excerpt, most }: { excerpt: Excerpt; most: number }) => (
  <Suspense fallback={<StillJson excerpt={excerpt} most={most} />}>
    <JsonTools excerpt={excerpt} text={<Json excerpt={excerpt} most={most} />} />
  </Suspense>
)

/** As high as what takes its place. */
const StillJson = ({ excerpt, most }: { excerpt: Excerpt; most: number }) => (
  <>
    <div>
      <Json excerpt={excerpt} most={most} />
    </div>
    <div className="flex min-h-7 items-center">
      <DownloadLink whole={excerpt.whole} />
    </div>
  </>
)
