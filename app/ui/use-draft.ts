import { useNavigation } from '@remix-run/react'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { type Draft, draftPrefix, readDraft, writeDraft } from './kept-drafts'

/** A form's own, of this one time. */
const notKept = ['idempotencyKey', 'version']

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
  const key = name && draftPrefix + name
  const fresh = useRef(isFresh)

  useEffect(() => {
    const form = box.current?.querySelector('form')
    if (!form || !key) return
    const draft = fresh.current ? readDraft(key) : null
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
      writeDraft(key, isWritten ? { at: Date.now(), fields } : null)
    }
    form.addEventListener('input', keep)
    return () => form.removeEventListener('input', keep)
  }, [key])

  const { state, formMethod, location } = useNavigation()
  const isTaken = state === 'loading' && formMethod === 'POST' && isSent(location.pathname)
  useEffect(() => {
    if (isTaken && key) writeDraft(key, null)
  }, [isTaken, key])

  const discard = useCallback(() => {
    box.current?.querySelector('form')?.reset()
    if (key) writeDraft(key, null)
    setRestoredAt(null)
  }, [key])

  return { form: box, restoredAt, discard }
}
