import { useLocation, useNavigation } from '@remix-run/react'
import { useEffect, useRef, useState } from 'react'

/**
 * What a browser does by itself when it loads a page, and does not where the page's own script turns it: it shows that the
 * next one is on its way, says what it is called, and begins at its top with the keyboard.
 */
export function PageChange() {
  const isMoving = useNavigation().state !== 'idle'
  const { key } = useLocation()
  const before = useRef(key)
  const [title, setTitle] = useState('')
  useEffect(() => {
    if (isMoving || before.current === key) return
    before.current = key
    setTitle(document.title)
    // what stood in the way of a form is said above it, and the page stays where it was scrolled to
    document.querySelector('main [role=alert]')?.scrollIntoView({ block: 'nearest' })
    // what had the focus is still there, or something of the new page has taken it
    if (document.activeElement !== document.body) return
    const heading = document.querySelector<HTMLElement>('main h1')
    if (heading) heading.tabIndex = -1
    heading?.focus({ preventScroll: true })
  }, [isMoving, key])
  return (
    <>
      {isMoving && <div aria-hidden className="page-coming print:hidden" />}
      <p role="status" className="sr-only">
        {title}
      </p>
    </>
  )
}
