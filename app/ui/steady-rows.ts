import { type RefObject, useEffect, useRef, useState } from 'react'
import { selectionForm } from './use-selection'

/**
 * While the pointer is over a list, or rows of it are ticked, no row becomes smaller than it is: nothing moves away
 * under the pointer. In a row that grows later, what makes it grow can be left out meanwhile.
 *
 * @returns the ref of what is around the rows, and whether they are kept steady
 */
export function useSteadyRows(): { area: RefObject<HTMLDivElement>; isSteady: boolean } {
  const area = useRef<HTMLDivElement>(null)
  const [isUnderPointer, setUnderPointer] = useState(false)
  const [isTicked, setTicked] = useState(false)
  const isSteady = isUnderPointer || isTicked

  useEffect(() => {
    const element = area.current
    const enter = ({ pointerType }: PointerEvent) => pointerType === 'mouse' && setUnderPointer(true)
    const leave = () => setUnderPointer(false)
    const tick = () =>
      setTicked(
        element?.querySelector(`input[type=checkbox][name=id][form=${selectionForm}]:checked`) !== null,
      )
    element?.addEventListener('pointerenter', enter)
    element?.addEventListener('pointerleave', leave)
    element?.addEventListener('change', tick)
    return () => {
      element?.removeEventListener('pointerenter', enter)
      element?.removeEventListener('pointerleave', leave)
      element?.removeEventListener('change', tick)
    }
  }, [])

  useEffect(() => {
    if (!isSteady) return
    const rows = [...(area.current?.querySelectorAll<HTMLElement>('tbody > tr') ?? [])]
    for (const row of rows) {
      // a table's row takes its height for the least; where it is laid out as a card it has a property for that
      const property = getComputedStyle(row).display === 'table-row' ? 'height' : 'min-height'
      row.style.setProperty(property, `${row.offsetHeight}px`)
    }
    return () => {
      for (const row of rows) row.removeAttribute('style')
    }
  }, [isSteady])

  return { area, isSteady }
}
