import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { lookup } from '~/domain/lookup'
import { LoaderCircle, Search } from '../icons'
import type { Go } from './do-keys'
import { isMac, keysText } from './hints'
import { type Entry, entriesFor } from './palette-entries'
import { recentJobs } from './recent'
import { Key } from './ShortcutSheet'
import { useFound } from './use-found'
import type { Viewer } from './viewer'

interface CommandPaletteProps {
  viewer: Viewer
  isOn: boolean
  go: Go
  close: () => void
}

const listId = 'palette-list'
const optionId = (n: number) => `palette-${n}`

/** A combobox over all there is to go to and to do (ARIA Authoring Practices, "Combobox" with a list). */
export function CommandPalette({ viewer, isOn, go, close }: CommandPaletteProps) {
  const [typed, setTyped] = useState('')
  const [recent] = useState(() => recentJobs(viewer.id))
  const [chosenId, setChosenId] = useState<string | null>(null)
  const { found, problem, isLoading } = useFound(typed)
  const entries = entriesFor({ viewer, isOn, typed, recent, found })
  // what was chosen by keys stays it while results come in; else it is the first
  const chosen = Math.max(
    0,
    entries.findIndex(({ id }) => id === chosenId),
  )
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector(`#${optionId(chosen)}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  /** Whether Enter was pressed ahead of the answer. */
  const [isEntered, setEntered] = useState(false)
  useEffect(() => {
    if (!isEntered || isLoading) return
    setEntered(false)
    const isThere = chosenId === null || entries[chosen]?.id === chosenId
    if (isThere && !problem) run(entries[chosen])
  })

  const choose = (n: number) => {
    setChosenId(entries[(n + entries.length) % entries.length]?.id ?? null)
    setEntered(false)
  }
  const run = (entry: Entry | undefined) => {
    if (!entry) return
    close()
    entry.run(go)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const acts: Record<string, () => void> = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen - 1),
      Home: () => choose(0),
      End: () => choose(entries.length - 1),
      Enter: () => (isLoading && entries[chosen]?.isFound ? setEntered(true) : run(entries[chosen])),
      ...((isMac() ? event.metaKey : event.ctrlKey) && { k: close }),
    }
    const act = lookup(acts, event.key)
    if (!act) return
    event.preventDefault()
    act()
  }

  return (
    <div className="flex max-h-[70dvh] flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3">
        {isLoading ? (
          <LoaderCircle aria-hidden className="size-4 shrink-0 text-ink-3 motion-safe:animate-spin" />
        ) : (
          <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        )}
        <input
          type="text"
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries.length > 0 ? optionId(chosen) : undefined}
          aria-autocomplete="list"
          aria-label="Find jobs, agents and actions"
          placeholder="A job, its id, an agent, an action…"
          maxLength={1000}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setChosenId(null)
            setEntered(false)
          }}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent py-3 text-base outline-none placeholder:text-ink-3"
        />
        <Key>Esc</Key>
      </div>
      {problem && (
        <p role="alert" className="border-b border-line px-4 py-2 text-danger wrap-anywhere">
          {problem}
        </p>
      )}
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label="What there is"
        className="min-h-0 overflow-y-auto p-1.5"
      >
        {sectionsOf(entries).map(({ section, from, inIt }) => (
          // biome-ignore lint/a11y/useSemanticElements: a listbox takes groups of options, and no fieldset
          <div key={section} role="group" aria-labelledby={`palette-of-${from}`}>
            <div id={`palette-of-${from}`} className="px-2 pt-2 pb-1 text-xs font-medium text-ink-2">
              {section}
            </div>
            {inIt.map((entry, n) => (
              <Option
                key={entry.id}
                entry={entry}
                id={optionId(from + n)}
                isChosen={from + n === chosen}
                onPoint={() => setChosenId(entry.id)}
                onRun={() => run(entry)}
              />
            ))}
          </div>
        ))}
      </div>
      <p role="status" className="sr-only">
        {isLoading ? '' : `${entries.length} ${entries.length === 1 ? 'result' : 'results'}`}
      </p>
    </div>
  )
}

/** As they come: entries of a section stand together. */
function sectionsOf(entries: Entry[]) {
  return [...new Set(entries.map(({ section }) => section))].map((section) => ({
    section,
    from: entries.findIndex((each) => each.section === section),
    inIt: entries.filter((each) => each.section === section),
  }))
}

interface OptionProps {
  entry: Entry
  id: string
  isChosen: boolean
  onPoint: () => void
  onRun: () => void
}

function Option({ entry: { label, detail, keys, Icon, look }, id, isChosen, onPoint, onRun }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={isChosen ? undefined : onPoint}
      onClick={onRun}
      className="flex cursor-pointer scroll-my-8 items-center gap-2.5 rounded-md px-2 py-1.5 aria-selected:bg-accent-soft"
    >
      <Icon aria-hidden className={`size-4 shrink-0 ${look ?? 'text-ink-3'}`} />
      <span className="flex min-w-0 gap-x-2.5 max-sm:flex-col sm:items-baseline">
        <bdi className="min-w-0 truncate">{label}</bdi>
        {detail && <span className="shrink-0 truncate text-xs text-ink-2">{detail}</span>}
      </span>
      {keys && (
        <span aria-hidden className="ml-auto flex shrink-0 gap-1">
          {keysText(keys)
            .split(' ')
            .map((key) => (
              <Key key={key}>{key}</Key>
            ))}
        </span>
      )}
    </div>
  )
}
