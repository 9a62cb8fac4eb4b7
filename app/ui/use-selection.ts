import { createContext, useEffect, useState } from 'react'
import type { ListScope } from '~db/vocabulary'

/** What is ticked on a list's page, and what was on its other pages. */

/** The form that every box of a list belongs to, wherever it stands. */
export const selectionForm = 'selection'

/** What the address carries of other pages; a box begins ticked where it is in here. */
export const PickedContext = createContext<ReadonlySet<string>>(new Set())

interface Kept {
  /** Another filter is another list: what was picked there is forgotten. */
  query: string
  ids: string[]
}

const keyOf = (scope: ListScope) => `docket-selection-${scope}`

function keptIn(scope: ListScope, query: string): string[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(scope)) ?? 'null') as Kept | null
    return kept?.query === query ? kept.ids : []
  } catch {
    return []
  }
}

function keep(scope: ListScope, kept: Kept) {
  try {
    sessionStorage.setItem(keyOf(scope), JSON.stringify(kept))
  } catch {
    // no room, or not allowed: then it lasts as long as the page
  }
}

/** Once a batch is under way, nothing is picked any more. */
export function forgetSelection(scope: ListScope) {
  try {
    sessionStorage.removeItem(keyOf(scope))
  } catch {
    // it was not kept either
  }
}

const boxes = () => [
  ...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name=id][form=${selectionForm}]`),
]

interface Selection {
  /** Whether it is followed: not before the page has its JavaScript. */
  isLive: boolean
  /** Every id that is picked, on this page and on others. */
  ids: string[]
  set: (ids: string[]) => void
}

/**
 * Follows the boxes of a list, over its pages and reloads, for as long as the tab is open.
 *
 * @param query the list's filter
 * @param carried what the address carries of other pages
 * @param shown the ids of this page
 */
export function useSelection(scope: ListScope, query: string, carried: string[], shown: string[]): Selection {
  const [ids, setIds] = useState<string[] | null>(null)
  const page = shown.join()

  useEffect(() => {
    setIds([...new Set([...keptIn(scope, query), ...carriedNow(), ...tickedNow()])])
  }, [scope, query])

  // the boxes are plain: they are ticked before there is JavaScript, and follow it after
  useEffect(() => {
    if (ids === null || page === '') return
    for (const box of boxes()) box.checked = ids.includes(box.value)
    keep(scope, { query, ids })
  }, [scope, query, page, ids])

  useEffect(() => {
    const follow = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement) || target.name !== 'id') return
      if (target.getAttribute('form') !== selectionForm) return
      const { value, checked } = target
      setIds((before) => {
        const others = (before ?? []).filter((id) => id !== value)
        return checked ? [...others, value] : others
      })
    }
    document.addEventListener('change', follow)
    return () => document.removeEventListener('change', follow)
  }, [])

  return { isLive: ids !== null, ids: ids ?? carried, set: setIds }
}

const tickedNow = () => boxes().flatMap(({ checked, value }) => (checked ? [value] : []))
const carriedNow = () => new URLSearchParams(location.search).get('picked')?.split(',').filter(Boolean) ?? []
