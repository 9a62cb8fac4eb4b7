import { useLocation, useNavigation } from '@remix-run/react'
import { useEffect, useRef, useState } from 'react'

/**
 * What a browser does by itself when it loads a page, and does not where the page's own script turns it: it shows that the
 * next one is on its way, says what it is called, and begins at its top with the keyboard.
 */
export function PageChange() {
  const isMoving = useNavigation().state !== 'idle'
  const { pathname } = useLocation()
  const before = useRef(pathname)
  const [title, setTitle] = useState('')
  useEffect(() => {
    if (isMoving || before.current === pathname) return
    before.current = pathname
    setTitle(document.title)
    // what had the focus is still there, or something of the new page has taken it
    if (document.activeElement !== document.body) return
    const heading = document.querySelector<HTMLElement>('main h1')
    if (heading) heading.tabIndex = -1
    heading?.focus({ preventScroll: true })
  }, [isMoving, pathname])
  return (
    <>
      {isMoving && <div aria-hidden className="page-coming print:hidden" />}
      <p role="status" className="sr-only">
        {title}
      </p>
    </>
  )
}
