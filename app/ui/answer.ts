import { useActionData, useLocation } from '@remix-run/react'
import { useRef } from 'react'

/**
 * What a form was answered, for as long as its page is there. The router forgets it whenever the page is read again, which
 * is whenever something happens to what it shows.
 */
export function useAnswer<Action>(): ReturnType<typeof useActionData<Action>> {
  const answer = useActionData<Action>()
  const { key } = useLocation()
  const kept = useRef({ key, answer })
  if (answer !== undefined || kept.current.key !== key) kept.current = { key, answer }
  return kept.current.answer
}
