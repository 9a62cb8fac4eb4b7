import { useNavigation } from '@remix-run/react'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** What was typed into a form and not sent yet: kept in the browser, over reloads and lost sessions. */

interface Draft {
  at: number
  fields: Record<string, string>
}

/** Everything of a person's that the browser keeps begins so. */
const prefix = 'docket-draft-'
/** A form's own, of this one time. */
const notKept = ['idempotencyKey', 'version']
const dayMs = 24 * 3_600_000
const keptMs = 14 * dayMs

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
    return draft && Date.now() - draft.at < keptMs ? draft : null
  } catch {
    return null
  }
}

function write(key: string, draft: Draft | null) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // no room, or not allowed: then nothing is kept
  }
}

/** When somebody signs out, nobody after them at this browser finds what they wrote. */
export function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
  } catch {
    // then nothing was kept either
  }
}

const controlsOf = (form: HTMLFormElement) =>
  [...form.elements].filter(
    (each): each is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
      (each instanceof HTMLInputElement ||
        each instanceof HTMLTextAreaElement ||
        each instanceof HTMLSelectElement) &&
      each.name !== '' &&
      !notKept.includes(each.name) &&
      each.type !== 'hidden' &&
      each.type !== 'file',
  )

interface KeptDraft {
  form: RefObject<HTMLDivElement>
  /** When what is in the form again was typed, in milliseconds UTC; null where nothing came back. */
  restoredAt: number | null
  /** Empties the form and forgets it. */
  discard(): void
}

/**
 * Keeps what is typed into the form inside the ref's element, and puts it back where the form is as it was served.
 *
 * @param name tells forms and people apart; null keeps nothing
 * @param isFresh whether the form is empty, and not one that comes back with errors
 * @param isSent whether an address that a submit leads to means that it was taken
 */
export function useDraft(
  name: string | null,
  isFresh: boolean,
  isSent: (pathname: string) => boolean,
): KeptDraft {
  const box = useRef<HTMLDivElement>(null)
  const [restoredAt, setRestoredAt] = useState<number | null>(null)
  const key = name && prefix + name
  const fresh = useRef(isFresh)

  useEffect(() => {
    const form = box.current?.querySelector('form')
    if (!form || !key) return
    const draft = fresh.current ? read(key) : null
    if (draft) {
      for (const control of controlsOf(form)) {
        const kept = draft.fields[control.name]
        if (kept === undefined) continue
        if (control instanceof HTMLInputElement && (control.type === 'radio' || control.type === 'checkbox'))
          control.checked = control.value === kept
        else control.value = kept
      }
      setRestoredAt(draft.at)
    }
    const keep = () => {
      const fields: Draft['fields'] = {}
      for (const [field, value] of new FormData(form)) {
        if (typeof value === 'string' && !notKept.includes(field)) fields[field] = value
      }
      const isWritten = controlsOf(form).some(
        (each) => (each.type === 'text' || each.type === 'textarea') && each.value.trim() !== '',
      )
      write(key, isWritten ? { at: Date.now(), fields } : null)
    }
    form.addEventListener('input', keep)
    return () => form.removeEventListener('input', keep)
  }, [key])

  const { state, formMethod, location } = useNavigation()
  const isTaken = state === 'loading' && formMethod === 'POST' && isSent(location.pathname)
  useEffect(() => {
    if (isTaken && key) write(key, null)
  }, [isTaken, key])

  const discard = useCallback(() => {
    box.current?.querySelector('form')?.reset()
    if (key) write(key, null)
    setRestoredAt(null)
  }, [key])

  return { form: box, restoredAt, discard }
}
