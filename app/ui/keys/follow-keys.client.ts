import { catchUp, isComing, pressedAt } from './catch-up'
import { type Go, perform } from './do-keys'
import { hold } from './held'
import { isMac } from './hints'
import { shortcutReader } from './read-keys'

export { arrive, catchUp } from './catch-up'
export { toForm } from './do-keys'

export interface Following {
  /** Whether the person wants single keys to do things. */
  isOn: boolean
  isAdmin: boolean
  go: Go
  open: (which: 'palette' | 'sheet') => void
}

/**
 * @returns what is told every keydown, and does what it means, or holds it until there is what it is for. It is not in
 * the page's first JavaScript.
 */
export function keyFollower({ isOn, isAdmin, go, open }: Following): (event: KeyboardEvent) => void {
  const read = shortcutReader()
  return (event) => {
    if (isComing() && hold(event, isOn)) return catchUp()
    if (document.querySelector('dialog[open]')) return
    const shortcut = read(event, { isOn, isAdmin, isMac: isMac(), at: pressedAt(event) })
    if (!shortcut) return
    const { does, to } = shortcut
    if (to) go(to)
    else if (does === 'palette' || does === 'sheet') open(does)
    else if (!perform(does, go)) {
      // where nothing is to be searched on the page, everything is
      if (does !== 'search') return
      open('palette')
    }
    event.preventDefault()
  }
}
