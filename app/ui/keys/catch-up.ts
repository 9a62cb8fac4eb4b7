import { isPageComing, whenPageIsHere } from '../sending'
import { forget, held } from './held'
import { typeKey } from './type-key'

/** Milliseconds that a key is held at most: by then one has forgotten what it was for. */
const most = 5000

let timer: ReturnType<typeof setTimeout> | undefined
/** The stroke that is done again. */
let replayed: KeyboardEvent | undefined

/** Whether what keys are for is still on its way. */
export const isComing = (): boolean => !replayed && (held.isOpening || isPageComing())

/** When it was pressed, which may be a while ago. */
export const pressedAt = (event: KeyboardEvent): number => (replayed ?? event).timeStamp

/** Catches up after all that is done with what is drawn: by then the focus is where it was asked for. */
export const arrive = () => queueMicrotask(catchUp)

/** Does what was held, as far as there is what it is for; the rest waits on. */
export function catchUp() {
  clearTimeout(timer)
  if (leftFor(held.strokes[0]) <= 0) forget()
  while (!isComing()) {
    const stroke = held.strokes.shift()
    if (!stroke) return
    replay(stroke)
  }
  if (!held.strokes[0]) return
  timer = setTimeout(forget, leftFor(held.strokes[0]))
  if (isPageComing()) whenPageIsHere(arrive)
}

const leftFor = (stroke?: KeyboardEvent) => (stroke ? stroke.timeStamp + most - performance.now() : most)

/** Once more, where the focus is by now: for all that listens there, and else as the browser does it. */
function replay(stroke: KeyboardEvent) {
  replayed = stroke
  const isLeft = (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', stroke))
  replayed = undefined
  if (isLeft) typeKey(stroke)
}
