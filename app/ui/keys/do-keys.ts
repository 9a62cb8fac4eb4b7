import { statusesFor } from '~/domain/jobs/status'
import { paths } from '~/paths'

/**
 * What keys do on the page as it is. A key moves, shows and takes the focus somewhere; it changes no job by itself. What can
 * be done says so with `data-does`; a job's row has `data-job`, and its status is in it; the row of
 * another list has `data-row`.
 */

const rowLinks = 'a[data-job], [data-job] > a, a[data-row]'

const idOf = (link: HTMLElement) => link.dataset.row ?? link.closest<HTMLElement>('[data-job]')?.dataset.job

/** The row that was gone to last: a list that is drawn anew, or come back to, goes on from there. */
let lastId: string | undefined

/** The link of the row that has the focus. */
const currentRow = () =>
  document.activeElement?.closest('tr, li')?.querySelector<HTMLAnchorElement>(rowLinks) ?? null

function move(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLAnchorElement>(rowLinks)]
  const current = currentRow()
  // a row that lost the focus is found again by what it is about
  const before =
    current ??
    rows.find((row) => row.hasAttribute('aria-current')) ??
    rows.find((row) => idOf(row) === lastId)
  const known = before ? rows.indexOf(before) : -1
  const first = by === 1 ? 0 : rows.length - 1
  const next = rows[known < 0 ? first : Math.min(Math.max(known + by, 0), rows.length - 1)]
  if (!next) return false
  lastId = idOf(next)
  next.focus({ preventScroll: true })
  next.closest('tr, li')?.scrollIntoView({ block: 'nearest' })
  return true
}

function select(): boolean {
  const box = currentRow()
    ?.closest('tr, li')
    ?.querySelector<HTMLInputElement>('input[type=checkbox][name=id]')
  box?.click()
  return Boolean(box)
}

function search(): boolean {
  const box = document.querySelector<HTMLInputElement>('input[data-does=search]')
  box?.focus()
  box?.select()
  return Boolean(box)
}

function clear(go: Go): boolean {
  const { activeElement } = document
  if (activeElement instanceof HTMLInputElement && activeElement.type === 'search') {
    // the first Esc empties the field, which the browser does; the second leaves it
    if (activeElement.value === '') activeElement.blur()
    return false
  }
  return press('clear', go)
}

/** Where a job's row has the focus, that job; else the one whose page it is. */
function resubmit(go: Go): boolean {
  const row = currentRow()
  if (!row) return press('resubmit', go)
  const line = row.closest<HTMLElement>('tr, li')
  const status = line?.querySelector<HTMLElement>('[data-status]')?.dataset.status ?? line?.dataset.jobStatus
  const party = row.pathname.startsWith(paths.desk()) ? 'admin' : 'owner'
  if (!statusesFor('resubmit', party).some((each) => each === status)) return false
  // a verb's page is below the job's own, and keeps the list's filters
  go(`${row.pathname}/resubmit${row.search}`, 'resubmit')
  return true
}

/** @param does whose form takes the focus there, where it is a verb's page */
export type Go = (to: string, does?: string) => void

/** Takes the focus to what a verb's form asks, or to its button. */
export function toForm(does: string): boolean {
  const field = document.querySelector<HTMLElement>(
    `form:is([id="${does}"], [data-does="${does}"]) :is(input:not([type=hidden]), textarea, select, button[type=submit])`,
  )
  const fold = field?.closest('details')
  if (fold) fold.open = true
  field?.focus({ preventScroll: true })
  field?.scrollIntoView({ block: 'center' })
  return Boolean(field)
}

/**
 * Uses what the page offers. A button that would change a job is not pressed: its own page is gone to, which asks.
 * @returns whether the page offers it
 */
export function press(does: string, go: Go): boolean {
  if (toForm(does)) return true
  const element = document.querySelector<HTMLElement>(`[data-does="${does}"]`)
  if (element instanceof HTMLAnchorElement) go(element.pathname + element.search + element.hash, does)
  else if (element instanceof HTMLButtonElement && element.form && element.type === 'submit')
    go(new URL(element.form.action).pathname, does)
  else element?.click()
  return Boolean(element)
}

/** @returns whether it did something, or the key is the browser's */
export function perform(does: string, go: Go): boolean {
  switch (does) {
    case 'down':
      return move(1)
    case 'up':
      return move(-1)
    case 'select':
      return select()
    case 'search':
      return search()
    case 'clear':
      return clear(go)
    case 'resubmit':
      return resubmit(go)
    case 'accept':
      return press('accept', go) || press('answer', go)
    default:
      return press(does, go)
  }
}
