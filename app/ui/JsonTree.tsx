import { type ReactNode, useDeferredValue, useId, useMemo, useState } from 'react'
import { beginning } from '~/domain/beginning'
import { type ExactJson, exactJson } from '~/domain/exact-json'
import { Button } from './button'
import { JsonNode } from './JsonNode'
import { type Found, findIn } from './json-search'

/** Further down nothing is opened by itself: browsers take seconds to lay out lists within thousands of lists. */
const deepest = 300

interface JsonTreeProps {
  json: string
  /** The same as text, for where no tree can be made of it. */
  text: ReactNode
}

/** JSON text as a tree that opens and closes, and can be searched. Loaded when somebody asks for it. */
export default function JsonTree({ json, text }: JsonTreeProps) {
  const value = useMemo(() => read(json), [json])
  if ('root' in value) return <SearchedTree value={value} />
  return (
    <div className="flex flex-col gap-2">
      <p className="text-xs text-ink-2">{value.problem}</p>
      <div>{text}</div>
    </div>
  )
}

function SearchedTree({ value }: { value: ExactJson }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const asked = useDeferredValue(query.trim())
  const found = useMemo(() => (asked ? findIn(value.root, asked) : null), [value, asked])
  const id = useId()
  const current = found?.places[at % Math.max(1, found.places.length)]
  const isDeep = current !== undefined && current.length > deepest
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
          {isDeep && `, ${current.length.toLocaleString('en')} levels down: too deep to be opened`}
        </span>
      </div>
      <ul
        id={id}
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-2 font-mono text-xs"
      >
        <JsonNode name={null} value={value.root} path={[]} current={isDeep ? null : (current ?? null)} />
      </ul>
      {value.repeated !== null && (
        <p className="text-xs text-ink-2">
          An object has the name <code>{JSON.stringify(beginning(value.repeated, 50))}</code> more than once:
          here is the last of its values, in the text all of them.
        </p>
      )}
    </div>
  )
}

const countText = ({ places, isCut }: Found, at: number) =>
  places.length === 0
    ? 'Not found'
    : `${(at % places.length) + 1} of ${places.length.toLocaleString('en')}${isCut ? ' or more' : ''}`

/** What the tree is of, or why there is none. */
function read(json: string): ExactJson | { problem: string } {
  try {
    return exactJson(json)
  } catch (error) {
    const problem = error instanceof RangeError ? 'It nests too deeply for a tree' : 'This is not JSON'
    return { problem: `${problem}: here it is as text.` }
  }
}
