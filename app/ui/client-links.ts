import { useNavigate } from '@remix-run/react'
import { useEffect, useRef } from 'react'

/**
 * Takes over the clicks on plain links inside an element, as `<Link>` does for one. A list of many links renders
 * faster so, and is as good without JavaScript.
 *
 * @returns the element's ref
 */
export function useClientLinks<Kind extends HTMLElement>() {
  const ref = useRef<Kind>(null)
  const navigate = useNavigate()
  useEffect(() => {
    const element = ref.current
    const follow = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0) return
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      const link = event.target instanceof Element ? event.target.closest('a') : null
      const to = link?.getAttribute('href')
      if (!to?.startsWith('/')) return
      event.preventDefault()
      navigate(to)
    }
    element?.addEventListener('click', follow)
    return () => element?.removeEventListener('click', follow)
  }, [navigate])
  return ref
}
