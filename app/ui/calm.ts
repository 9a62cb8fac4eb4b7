import { useNavigation } from '@remix-run/react'
import { useCallback, useEffect, useRef, useState } from 'react'

/** The least time between two readings of a page, in milliseconds. */
const calm = 250

/**
 * Reads something again, at once and then at most once in a while, never while the last reading is under way or a page
 * is being changed: what was asked for meanwhile is done after.
 *
 * @param isBusy whether it is being read
 * @returns asks for it to be read again
 */
export function useCalmly(read: () => void, isBusy: boolean, everyMs = calm): () => void {
  const navigation = useNavigation()
  const isHeld = isBusy || navigation.state !== 'idle'
  const [asked, setAsked] = useState(0)
  const done = useRef({ asked: 0, at: 0 })
  const now = useRef(read)
  useEffect(() => {
    now.current = read
  })
  useEffect(() => {
    if (isHeld || asked === done.current.asked) return
    const begin = () => {
      done.current = { asked, at: Date.now() }
      now.current()
    }
    const wait = done.current.at + everyMs - Date.now()
    if (wait <= 0) return begin()
    const timer = setTimeout(begin, wait)
    return () => clearTimeout(timer)
  }, [asked, isHeld, everyMs])
  return useCallback(() => setAsked((before) => before + 1), [])
}
