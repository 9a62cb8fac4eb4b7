import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { draftsOf, keptKeys } from './kept-drafts'
import { useLive } from './live'

interface DraftProps {
  /** Tells forms apart: what is typed into one comes back to no other. */
  name: string
  /** What it holds when it is served. */
  served?: Record<string, string | undefined>
  /** Whether it is as it was served, and not one that comes back with errors. */
  isFresh: boolean
  /** Whether much is written in it: then it is not waited for until somebody begins. */
  isLong?: boolean
  /** Whether an address that a submit leads to means that it was taken. */
  isSent(pathname: string): boolean
}

// what can't be loaded must not take the form away
const FormDraft = lazy(() => import('./FormDraft').catch(() => ({ default: () => null })))

/**
 * Stands at the end of a form: keeps what is typed into it, and puts it back where the form is as it was served. Loaded
 * when somebody types, or did so before.
 */
export function Draft({ name, isLong = false, ...rest }: DraftProps) {
  const { userId } = useLive()
  const drafts = draftsOf(userId, name)
  const here = useRef<HTMLDivElement>(null)
  const [form, setForm] = useState<HTMLFormElement | null>(null)
  useEffect(() => {
    const own = here.current?.closest('form')
    if (!userId || !own) return
    const begin = () => setForm(own)
    if (isLong || keptKeys(drafts).length > 0) begin()
    own.addEventListener('input', begin)
    return () => own.removeEventListener('input', begin)
  }, [userId, drafts, isLong])
  return (
    <div ref={here} className="contents">
      {form && (
        <Suspense fallback={null}>
          <FormDraft form={form} drafts={drafts} {...rest} />
        </Suspense>
      )}
    </div>
  )
}
