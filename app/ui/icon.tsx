import type { SVGProps } from 'react'
import sprite from './icons.svg?url&no-inline'

export type Icon = ReturnType<typeof icon>

/**
 * An icon out of the one file that has all of them: a page sends a name for each and no drawings, neither in its HTML nor
 * in its scripts, and the file is kept by the browser.
 */
export function icon(name: string) {
  return function Icon(props: SVGProps<SVGSVGElement>) {
    return (
      <svg
        aria-hidden
        width="24"
        height="24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        {...props}
      >
        <use href={`${sprite}#${name}`} />
      </svg>
    )
  }
}
