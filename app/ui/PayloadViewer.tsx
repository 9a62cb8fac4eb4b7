import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Button } from './button'
import { beginning, type Excerpt, shown } from './excerpt'
import { Check, ChevronRight, Copy, Download, EyeOff } from './icons'
import { prettyJson } from './pretty-json'

const JsonTree = lazy(() => import('./JsonTree'))

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
        {payload.json.includes('[redacted]') && (
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
          <Json excerpt={payload} most={shown.payload} />
        )}
      </div>
    </details>
  )
}

/** JSON as text, and where there is JavaScript as a tree as well: searched, copied, kept as a file. */
export function JsonBox({ excerpt, most }: { excerpt: Excerpt; most: number }) {
  const [isAlive, setAlive] = useState(false)
  useEffect(() => setAlive(true), [])
  if (isAlive) return <LiveJson excerpt={excerpt} most={most} />
  return (
    <>
      <div>
        <Json excerpt={excerpt} most={most} />
      </div>
      <div className="flex min-h-7 items-center">
        <DownloadLink whole={excerpt.whole} />
      </div>
    </>
  )
}

function LiveJson({ excerpt, most }: { excerpt: Excerpt; most: number }) {
  const [isTree, setTree] = useState(false)
  const { whole, problem, load } = useWhole(excerpt)
  const showTree = () => {
    setTree(true)
    void load()
  }
  return (
    <>
      {isTree && whole !== null ? (
        <Suspense fallback={<p className="text-xs text-ink-2">Loading…</p>}>
          <JsonTree json={whole} />
        </Suspense>
      ) : (
        <div>
          <Json excerpt={excerpt} most={most} />
        </div>
      )}
      <div className="flex min-h-7 flex-wrap items-center gap-1 print:hidden">
        <Button {...choice} aria-pressed={!isTree} onClick={() => setTree(false)}>
          Text
        </Button>
        <Button {...choice} aria-pressed={isTree} onClick={showTree}>
          Tree
        </Button>
        <CopyButton text={load} />
        <DownloadLink whole={excerpt.whole} />
        {problem && (
          <span role="alert" className="text-xs text-danger">
            {problem}
          </span>
        )}
      </div>
    </>
  )
}

const choice = {
  ...({ size: 'small', variant: 'quiet' } as const),
  className: 'aria-pressed:bg-hover aria-pressed:text-ink',
}

export function DownloadLink({ whole }: { whole: string }) {
  return (
    <a
      href={`${whole}?download=1`}
      download
      className="inline-flex w-fit items-center gap-1 rounded-sm text-xs text-accent underline print:hidden"
    >
      <Download aria-hidden className="size-3.5" />
      Download as JSON
    </a>
  )
}

/** All of a payload: what the page has of it, or what its address gives, asked for once. */
function useWhole(payload: Excerpt) {
  const [whole, setWhole] = useState<string | null>(payload.cut ? null : payload.json)
  const [problem, setProblem] = useState<string | null>(null)
  const load = async (): Promise<string | null> => {
    if (whole !== null) return whole
    try {
      const answer = await fetch(payload.whole)
      if (!answer.ok) throw new Error(String(answer.status))
      const text = await answer.text()
      setWhole(text)
      setProblem(null)
      return text
    } catch {
      setProblem('It could not be loaded. Try again.')
      return null
    }
  }
  return { whole, problem, load }
}

function CopyButton({ text }: { text: () => Promise<string | null> }) {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => setDone(false), 2000)
    return () => clearTimeout(timer)
  }, [isDone])
  const copy = async () => {
    const whole = await text()
    if (whole === null) return
    setDone(await copied(whole))
  }
  const Icon = isDone ? Check : Copy
  return (
    <Button size="small" variant="quiet" onClick={() => void copy()}>
      <Icon aria-hidden />
      <span role="status">{isDone ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}

/** @returns whether the text is in the clipboard; a page without HTTPS has only the old way to it */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = document.createElement('textarea')
    box.value = text
    document.body.append(box)
    box.select()
    const isDone = document.execCommand('copy')
    box.remove()
    return isDone
  }
}
