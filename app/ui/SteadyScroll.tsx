import { ScrollRestoration, useLocation, useRevalidator } from '@remix-run/react'
import { useLayoutEffect, useRef } from 'react'
import { useDepartures } from './sending'

/**
 * Remix's ScrollRestoration, but for this: when a page has been read again it goes back to where it was when that
 * began, also where somebody has scrolled, or a key has, meanwhile. A page that stays the same stays where it is.
 */
export function SteadyScroll({ nonce }: { nonce?: string }) {
  const { key } = useLocation()
  useDepartures()
  // so that it is drawn whenever ScrollRestoration is
  useRevalidator()
  const was = useRef({ key, y: 0 })
  return (
    <>
      <After run={keep} />
      <ScrollRestoration nonce={nonce} />
      <After run={settle} />
    </>
  )

  function keep() {
    if (was.current.key === key) was.current.y = window.scrollY
  }

  function settle() {
    const { key: before, y } = was.current
    if (before === key && window.scrollY !== y) window.scrollTo(0, y)
    was.current = { key, y: window.scrollY }
  }
}

/** Layout effects run in the order of their components. */
function After({ run }: { run: () => void }) {
  useLayoutEffect(run)
  return null
}
