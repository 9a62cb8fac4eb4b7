import { isPageComing } from '../sending'
import { isMac } from './hints'
import { isTyping } from './typing'

/** Keys that were pressed before there is what they are for: the next page, the palette, what reads keys. */
export const held = {
  strokes: [] as KeyboardEvent[],
  /** Whether the palette or the sheet is on its way. */
  isOpening: false,
  /** Whether a key leads away from the page: what is typed from then on is for the next one, wherever the focus is. */
  isLed: false,
}

/** Whether a key may be for what is on its way. Other combinations are the browser's. */
function isMeant(event: KeyboardEvent, isOn: boolean) {
  const { key, ctrlKey, metaKey, altKey, shiftKey, isComposing, target } = event
  if (altKey || isComposing) return false
  if (ctrlKey || metaKey) return /^k$/i.test(key) && !shiftKey && (isMac() ? !ctrlKey : !metaKey)
  if (held.isLed || held.isOpening || held.strokes[0])
    return /^(.|Enter|Escape|Tab|Backspace|Arrow(Up|Down))$/.test(key)
  // who follows a link and goes on typing in a field does so there; the space scrolls
  return !isTyping(target) && (isPageComing() ? /^(\S|Enter|Escape)$/ : /^\S$/).test(key) && isOn
}

/** @returns whether the key is held back; one that is held down is only kept from doing something */
export function hold(event: KeyboardEvent, isOn: boolean): boolean {
  if (!isMeant(event, isOn)) return false
  event.preventDefault()
  if (!event.repeat) held.strokes.push(event)
  return true
}

/** Lets go of them undone. */
export function forget() {
  held.strokes.length = 0
  held.isLed = false
}
