import { useState } from 'react'
import { beginning } from '~/domain/beginning'
import { exactText } from '~/domain/exact-json'
import { Button } from './button'
import { ChevronRight, EyeOff, Scissors } from './icons'
import { JsonRow } from './JsonRow'
import { childrenOf, type Path, pathText, scalarText } from './json-search'

/** So many children are shown at once; the rest a click further. */
const chunk = 100
/** Levels that are open from the beginning, as long as they are short. */
const openDepth = 2
const openLength = 30

interface NodeProps {
  /** A field's name, an element's place, or null for the whole. */
  name: string | number | null
  value: unknown
  path: Path
  /** Where the search is. */
  current: Path | null
}

/** One value of a tree with what is in it. Both can be copied, and the way to it. */
export function JsonNode({ name, value, path, current }: NodeProps) {
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
  const row = { path: pathText(path), text: () => copyText(value) }
  if (!children) {
    return (
      <li ref={isCurrent ? intoView : undefined} className={mark}>
        <JsonRow {...row} isLeaf>
          {label}
          {label && ': '}
          <Scalar value={value} />
        </JsonRow>
      </li>
    )
  }
  return (
    <li ref={isCurrent ? intoView : undefined} className={mark}>
      <JsonRow {...row}>
        <button
          type="button"
          aria-expanded={isOpen}
          title={row.path}
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
      </JsonRow>
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
    <JsonNode key={name} name={name} value={each} path={[...path, name]} current={current} />
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
    return <span className="text-in-review">{scalarText(value)}</span>
  }
  const isLong = value.length > longText && !isWhole
  return (
    <>
      <span className="whitespace-pre-wrap text-completed">
        {JSON.stringify(isLong ? beginning(value, longText) : value)}
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

/** A string as what it says, anything else as JSON. */
const copyText = (value: unknown) => (typeof value === 'string' ? value : exactText(value))

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
