import { isTyping } from './typing'

const stops = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]'

/** Does with a key what the browser does by itself, and does not for one that a script sends. */
export function typeKey({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>) {
  const at = document.activeElement
  if (key === 'Escape') document.querySelector<HTMLDialogElement>('dialog[open]')?.close()
  else if (key === 'Tab') step(shiftKey ? -1 : 1)
  else if (!(at instanceof HTMLElement)) return
  else if (key === 'Enter') enter(at)
  else if (isTyping(at)) edit(key)
  else if (key === ' ' && at.matches('button, input, summary')) at.click()
}

function enter(at: HTMLElement) {
  if (at instanceof HTMLTextAreaElement) edit('\n')
  else if (at instanceof HTMLInputElement && at.form)
    (at.form.querySelector<HTMLElement>('button:not([type=button]), [type=submit]') ?? at).click()
  else if (at.matches('a[href], button, summary')) at.click()
}

/** By a command, outdated as it is: the field can be undone, is as long as it may be, and tells of it. */
function edit(key: string) {
  if (key === 'Backspace') document.execCommand('delete')
  else if (key.length === 1) document.execCommand('insertText', false, key)
}

function step(by: 1 | -1) {
  const within = document.querySelector('dialog[open]') ?? document
  const all = [...within.querySelectorAll<HTMLElement>(stops)].filter(
    (each) =>
      each === document.activeElement ||
      (each.tabIndex >= 0 && !each.matches(':disabled') && each.getClientRects().length > 0),
  )
  all[all.indexOf(document.activeElement as HTMLElement) + by]?.focus()
}
