import { type Shortcut, shortcuts } from './shortcuts'
import { isTyping } from './typing'

/** As much of a KeyboardEvent as is read. */
export type Stroke = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing' | 'timeStamp' | 'target'
>

/** Milliseconds between two keys that belong together. */
const pause = 1500

export interface Reading {
  /** Whether the person wants single keys to do things. */
  isOn: boolean
  isAdmin: boolean
  isMac: boolean
  /** When it was pressed, where that is read later. */
  at?: number
}

/** @returns what reads one stroke after another: the shortcut that it is or completes, or null */
export function shortcutReader() {
  let begun = ''
  let begunAt = 0
  return (stroke: Stroke, { isOn, isAdmin, isMac, at = stroke.timeStamp }: Reading): Shortcut | null => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, repeat, isComposing, target } = stroke
    const before = at - begunAt < pause ? begun : ''
    begun = ''
    if (isComposing || altKey) return null
    const mod = isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey
    if ((ctrlKey || metaKey) && !mod) return null
    // with the capitals locked a letter is still that key
    const plain = !shiftKey && key.length === 1 ? key.toLowerCase() : key
    const keys = [before, mod ? `Mod+${plain}` : plain].filter(Boolean).join(' ')
    const known = shortcuts.filter(({ admin, always }) => (isAdmin || !admin) && (isOn || always))
    const found = known.find((each) => each.keys === keys)
    if (isTyping(target) && !found?.always) return null
    if (!found && !repeat && known.some((each) => each.keys.startsWith(`${keys} `))) {
      begun = keys
      begunAt = at
    }
    return found && (!repeat || found.repeats) ? found : null
  }
}
