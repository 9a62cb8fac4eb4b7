import { useLocation } from '@remix-run/react'
import { type ReactNode, useContext } from 'react'
import { type ListPlace, listQuery, mostCarried, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { batchWords, jobsText, verbsIn } from './batch-words'
import { Button, buttonClass } from './button'
import { useHints } from './keys/hints'
import { plainName } from './name'
import { PostForm } from './post-form'
import { PickedContext, selectionForm, useSelection } from './use-selection'

interface SelectionProps {
  scope: ListScope
  at: ListPlace
  /** The ids on this page. */
  shown: string[]
  /** How many match the filter; null where nobody counts. */
  total: number | null
  nextCursor: string | null
  prevCursor: string | null
  /** The table, with a `<SelectBox>` in each row. */
  children: ReactNode
}

/**
 * What is to be done with the jobs that are ticked, on this page and on others, or with all that match. Without
 * JavaScript what is ticked is carried from page to page by its buttons.
 */
export function Selection({ scope, at, shown, total, nextCursor, prevCursor, children }: SelectionProps) {
  const hint = useHints()
  const { search } = useLocation()
  const carried = carriedIn(search)
  const filter = listQuery({ ...at, sort: undefined })
  const selection = useSelection(scope, filter, carried, shown)
  const elsewhere = selection.ids.filter((id) => !shown.includes(id))
  const { isLive, ids } = selection
  const here = ids.length - elsewhere.length
  const isWholePage = here === shown.length
  return (
    <PickedContext.Provider value={new Set(carried)}>
      <PostForm
        id={selectionForm}
        action={paths.newBatch(scope)}
        aria-label="Do with several jobs"
        className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2 text-xs max-sm:px-2"
      >
        <input type="hidden" name="scope" value={scope} />
        <input type="hidden" name="query" value={search} />
        <input type="hidden" name="picked" value={elsewhere.join(',')} />
        <div className="flex min-h-7 min-w-0 flex-1 basis-40 flex-wrap max-sm:max-w-full max-sm:min-w-22 max-sm:flex-none items-center gap-x-3 gap-y-1 text-ink-2">
          {isLive ? (
            <>
              <Button
                size="small"
                variant="quiet"
                className="-ml-2"
                onClick={() => selection.set(isWholePage ? elsewhere : [...elsewhere, ...shown])}
              >
                {isWholePage ? 'Deselect page' : 'Select page'}
              </Button>
              <span role="status" className={ids.length > 0 ? 'font-medium text-ink' : 'sr-only'}>
                {ids.length === 0 ? 'None selected' : `${ids.length.toLocaleString('en')} selected`}
                {elsewhere.length > 0 && `, ${elsewhere.length.toLocaleString('en')} on other pages`}
              </span>
              {ids.length > 0 && (
                <Button size="small" variant="quiet" onClick={() => selection.set([])} {...hint('clear')}>
                  Clear
                </Button>
              )}
            </>
          ) : (
            <span>{elsewhere.length > 0 ? `${jobsText(elsewhere.length)} kept from other pages` : ''}</span>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2 max-sm:contents">
          <label htmlFor="selection-verb" className="sr-only">
            What is to be done
          </label>
          <select
            id="selection-verb"
            name="verb"
            defaultValue=""
            required
            className="control h-7 w-36 py-0 pr-7 text-xs! max-sm:w-24 max-sm:grow max-sm:px-1"
          >
            <option value="">Do with jobs…</option>
            {verbsIn(scope).map((verb) => (
              <option key={verb} value={verb}>
                {batchWords[verb].label}
              </option>
            ))}
          </select>
          <button
            type="submit"
            disabled={isLive && ids.length === 0}
            className={buttonClass({ size: 'small' }, 'disabled:opacity-60 max-sm:px-1.5')}
          >
            {isLive && ids.length > 0 ? `The ${ids.length.toLocaleString('en')} selected…` : 'The selected…'}
          </button>
          <button
            type="submit"
            name="all"
            value={filter ? '1' : 'true'}
            className={buttonClass({ size: 'small', variant: 'quiet' }, 'max-sm:px-1.5')}
          >
            {total === null
              ? 'All that match…'
              : `All ${total.toLocaleString('en')}${filter && ' matching'}…`}
          </button>
        </div>
        <noscript>
          <Keep to={prevCursor}>Keep ticks, previous page</Keep>
          <Keep to={nextCursor}>Keep ticks, next page</Keep>
        </noscript>
      </PostForm>
      {children}
    </PickedContext.Provider>
  )
}

function Keep({ to, children }: { to: string | null; children: ReactNode }) {
  if (to === null) return null
  return (
    <button
      type="submit"
      name="cursor"
      value={to}
      formNoValidate
      className={buttonClass({ size: 'small', variant: 'quiet' }, 'underline')}
    >
      {children}
    </button>
  )
}

/** A row's box, above the link that the whole row is. */
export function SelectBox({ id, name }: { id: string; name: string }) {
  const isPicked = useContext(PickedContext).has(id)
  return (
    <label className="relative z-1 flex size-6 items-center justify-center">
      <input
        type="checkbox"
        form={selectionForm}
        name="id"
        value={id}
        defaultChecked={isPicked}
        aria-label={`Select ${plainName(name)}`}
        className="size-4 accent-accent"
      />
    </label>
  )
}

const carriedIn = (search: string) =>
  new URLSearchParams(search).get('picked')?.split(',').filter(Boolean).slice(0, mostCarried) ?? []
