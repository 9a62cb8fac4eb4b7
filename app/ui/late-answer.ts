import type { Sent } from './send-ahead'
import { shared } from './shared'

/** What a form was answered after somebody had gone on from its page. */
export interface Late {
  /** Tells it from the others. */
  id: number
  /** The title of the page that it was sent from. */
  of: string
  form: HTMLFormElement
  sent: Sent
  /** Has the router show the answer. */
  show(): void
}

const late = shared<Late[]>()

export const tellLate = (answer: Late) => late.tell([...(late.now() ?? []), answer])
export const dropLate = (answer: Late) => late.tell((late.now() ?? []).filter((each) => each !== answer))
export const useLate = late.use
