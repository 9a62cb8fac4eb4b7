import { useSearchParams } from '@remix-run/react'
import { Notice } from './Notice'

const words = {
  saved: 'Saved.',
  paused: 'It is paused.',
  resumed: 'It is active again.',
  ran: 'A job is handed in.',
} as const

interface DoneNoticeProps {
  /** What is so no more is not said: `paused` of what somebody else has resumed. */
  isStill?: Partial<Record<keyof typeof words, boolean>>
}

/** Says what a form has done, by the address that it led to. */
export function DoneNotice({ isStill = {} }: DoneNoticeProps) {
  const [search] = useSearchParams()
  const done = (Object.keys(words) as (keyof typeof words)[]).find((each) => search.has(each))
  if (!done || isStill[done] === false) return null
  return (
    <Notice tone="good" role="status">
      {words[done]}
    </Notice>
  )
}
