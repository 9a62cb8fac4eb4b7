import { useNavigation } from '@remix-run/react'
import { useEffect, useRef, useState } from 'react'
import { Button } from './button'
import { type DraftKeeper, keepDraft } from './keep-draft'
import { Time } from './time'

interface FormDraftProps {
  form: HTMLFormElement
  /** Where its drafts are kept. */
  drafts: string
  served?: Record<string, string | undefined>
  isFresh: boolean
  isSent(pathname: string): boolean
}

/** Keeps what is in the form until it is sent, and says so where something came back. */
export default function FormDraft({ form, drafts, served = {}, isFresh, isSent }: FormDraftProps) {
  const [restoredAt, setRestoredAt] = useState<number | null>(null)
  const keeper = useRef<DraftKeeper>()
  const first = useRef({ isFresh, served: JSON.stringify(served) })
  useEffect(() => {
    let isGone = false
    void keepDraft({ form, drafts, restored: setRestoredAt, ...first.current }).then((own) => {
      if (isGone) own.leave()
      else keeper.current = own
    })
    return () => {
      isGone = true
      keeper.current?.leave()
    }
  }, [form, drafts])

  const { state, formMethod, location } = useNavigation()
  const isTaken = state === 'loading' && formMethod === 'POST' && isSent(location.pathname)
  useEffect(() => {
    if (isTaken) keeper.current?.forget()
  }, [isTaken])

  if (restoredAt === null) return null
  const discard = () => {
    form.reset()
    keeper.current?.forget()
    setRestoredAt(null)
  }
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">
      <p>
        What you wrote <Time at={restoredAt} /> and did not hand in is here again.
      </p>
      <Button size="small" onClick={discard}>
        Discard it
      </Button>
    </div>
  )
}
