import { useLocation, useNavigation } from '@remix-run/react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useLate } from './late-answer'

// asked for once more until it comes: that a form could not be sent is what it has to say
const load = (): Promise<typeof import('./LateAnswer')> =>
  import('./LateAnswer').catch(() => new Promise((resolve) => setTimeout(resolve, 2_000)).then(load))
const LateAnswer = lazy(load)

/**
 * What a browser does by itself when it loads a page, and does not where the page's own script turns it: it shows that the
 * next one is on its way, says what it is called, and begins at its top with the keyboard.
 */
export function PageChange() {
  const isMoving = useNavigation().state !== 'idle'
  const { key } = useLocation()
  const before = useRef(key)
  const [title, setTitle] = useState('')
  const late = useLate()
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
      {late && (
        <Suspense fallback={null}>
          <LateAnswer late={late} />
        </Suspense>
      )}
    </>
  )
}
