import { isLosslessNumber, parse } from 'lossless-json'
import { useDeferredValue, useId, useMemo, useState } from 'react'
import { Button } from './button'
import { ChevronRight, EyeOff, Scissors } from './icons'
import { childrenOf, type Found, findIn, type Path, pathText } from './json-search'

/** So many children are shown at once; the rest a click further. */
const chunk = 100
/** Levels that are open from the beginning, as long as they are short. */
const openDepth = 2
const openLength = 30

/** JSON text as a tree that opens and closes, and can be searched. Loaded when somebody asks for it. */
export default function JsonTree({ json }: { json: string }) {
  const value = useMemo(() => parsed(json), [json])
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const asked = useDeferredValue(query.trim())
  const found = useMemo(() => (asked && value ? findIn(value.root, asked) : null), [value, asked])
  const id = useId()
  if (!value) return <p className="text-xs text-ink-2">This is not JSON: it is shown as text.</p>
  const current = found?.places[at % Math.max(1, found.places.length)]
  const step = (by: number) => {
    const count = found?.places.length ?? 0
    if (count > 0) setAt((before) => (before + by + count) % count)
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="search"
          aria-label="Search names and values"
          placeholder="Search names and values"
          aria-controls={id}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            // it may stand inside a form
            event.preventDefault()
            step(event.shiftKey ? -1 : 1)
          }}
          className="control h-7 w-56 max-w-full py-0 text-xs!"
        />
        {found && (
          <>
            <Button
              size="small"
              variant="quiet"
              onClick={() => step(-1)}
              disabled={found.places.length === 0}
            >
              Previous
            </Button>
            <Button size="small" variant="quiet" onClick={() => step(1)} disabled={found.places.length === 0}>
              Next
            </Button>
          </>
        )}
        <span role="status" className="text-xs text-ink-2 tabular-nums">
          {found && countText(found, at)}
        </span>
      </div>
      <ul
        id={id}
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-2 font-mono text-xs"
      >
        <Node name={null} value={value.root} path={[]} current={current ?? null} />
      </ul>
    </div>
  )
}

const countText = ({ places, isCut }: Found, at: number) =>
  places.length === 0
    ? 'Not found'
    : `${(at % places.length) + 1} of ${places.length.toLocaleString('en')}${isCut ? ' or more' : ''}`

function parsed(json: string): { root: unknown } | null {
  try {
    return { root: parse(json) }
  } catch {
    return null
  }
}

interface NodeProps {
  /** A field's name, an element's place, or null for the whole. */
  name: string | number | null
  value: unknown
  path: Path
  /** Where the search is. */
  current: Path | null
}

function Node({ name, value, path, current }: NodeProps) {
  const children = childrenOf(value)
  const isOnWay = current !== null && path.every((step, index) => current[index] === step)
  const isCurrent = isOnWay && current.length === path.length
  const [chosen, setChosen] = useState<boolean | null>(null)
  const isOpen =
    (isOnWay && !isCurrent) || (chosen ?? (path.length < openDepth && (children?.length ?? 0) <= openLength))
  const label =
    name === null ? null : (
      <span className="text-accent">{typeof name === 'number' ? name : JSON.stringify(name)}</span>
    )
  const mark = isCurrent ? 'bg-warn-soft outline-1 outline-warn' : ''
  if (!children) {
    return (
      <li
        ref={isCurrent ? intoView : undefined}
        className={`py-0.5 ps-5 wrap-anywhere ${mark}`}
        title={pathText(path)}
      >
        {label}
        {label && ': '}
        <Scalar value={value} />
      </li>
    )
  }
  return (
    <li ref={isCurrent ? intoView : undefined} className={mark}>
      <button
        type="button"
        aria-expanded={isOpen}
        title={pathText(path)}
        onClick={() => setChosen(!isOpen)}
        className="flex w-full items-center gap-1 rounded-sm py-0.5 text-start hover:bg-hover"
      >
        <ChevronRight aria-hidden className={`size-3.5 shrink-0 text-ink-3 ${isOpen ? 'rotate-90' : ''}`} />
        {label}
        <span className="text-ink-2">
          {Array.isArray(value) ? `[${children.length}]` : `{${children.length}}`}
          {isCutPayload(value) && <CutMark />}
        </span>
      </button>
      {isOpen && <Children value={children} path={path} current={isOnWay ? current : null} />}
    </li>
  )
}

function Children({
  value,
  path,
  current,
}: {
  value: [string | number, unknown][]
  path: Path
  current: Path | null
}) {
  const [count, setCount] = useState(chunk)
  const next = current?.[path.length]
  const wanted = next === undefined ? -1 : value.findIndex(([name]) => name === next)
  // far down, what is searched for is shown with its neighbours: all before it would be too many
  const far = wanted >= count ? value.slice(Math.max(count, wanted - 2), wanted + 3) : []
  const node = ([name, each]: [string | number, unknown]) => (
    <Node key={name} name={name} value={each} path={[...path, name]} current={current} />
  )
  return (
    <ul className="ms-1.5 border-s border-line ps-2">
      {value.slice(0, count).map(node)}
      {count < value.length && (
        <li>
          <Button size="small" variant="quiet" onClick={() => setCount(count + chunk)}>
            Show {Math.min(chunk, value.length - count)} more of {(value.length - count).toLocaleString('en')}
          </Button>
        </li>
      )}
      {far.map(node)}
    </ul>
  )
}

const longText = 300

function Scalar({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value !== 'string') {
    return (
      <span className="text-in-review">{isLosslessNumber(value) ? value.toString() : String(value)}</span>
    )
  }
  const isLong = value.length > longText && !isWhole
  return (
    <>
      <span className="whitespace-pre-wrap text-completed">
        {JSON.stringify(isLong ? value.slice(0, longText) : value)}
      </span>
      {isLong && (
        <Button size="small" variant="quiet" onClick={() => setWhole(true)}>
          Show all {value.length.toLocaleString('en')} characters
        </Button>
      )}
      {value.includes('[redacted]') && (
        <span className="ms-1.5 inline-flex items-center gap-1 rounded-sm bg-warn-soft px-1 text-warn">
          <EyeOff aria-hidden className="size-3" />
          redacted
        </span>
      )}
    </>
  )
}

/** What a payload became that was too long to keep. */
const isCutPayload = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  'truncated' in value &&
  value.truncated === true &&
  'head' in value

function CutMark() {
  return (
    <span className="ms-1.5 inline-flex items-center gap-1 rounded-sm bg-warn-soft px-1 text-warn">
      <Scissors aria-hidden className="size-3" />
      cut
    </span>
  )
}

const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' })
