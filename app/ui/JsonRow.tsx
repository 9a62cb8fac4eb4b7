import { type FocusEvent, type ReactNode, useState } from 'react'
import { CopyButton } from './CopyButton'

interface JsonRowProps {
  /** Where it is, as programs write it; empty for the whole. */
  path: string
  /** What is copied of its value. */
  text: () => string
  /** Nothing in it takes the focus by itself. */
  isLeaf?: boolean
  children: ReactNode
}

/**
 * One line of a tree. Its value and its path can be copied by buttons that are there while the line has the focus or the
 * pointer: a tree has hundreds of lines, and whoever goes through it by key should have one stop at each.
 */
export function JsonRow({ path, text, isLeaf = false, children }: JsonRowProps) {
  const [hasFocus, setFocus] = useState(false)
  const [hasPointer, setPointer] = useState(false)
  const leave = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setFocus(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only shows and hides buttons
    <div
      onFocus={() => setFocus(true)}
      onBlur={leave}
      onPointerEnter={() => setPointer(true)}
      onPointerLeave={() => setPointer(false)}
      className="relative"
    >
      {isLeaf ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
        <div
          role="group"
          aria-label={path || 'The whole'}
          title={path}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: so that its buttons can be reached by keyboard
          tabIndex={0}
          className="rounded-sm py-0.5 ps-5 wrap-anywhere"
        >
          {children}
        </div>
      ) : (
        children
      )}
      {(hasFocus || hasPointer) && (
        <div className="absolute end-0 -top-0.5 z-1 flex rounded-md border border-line bg-surface font-sans [&_button]:min-h-6">
          <CopyButton label="Copy value" text={text} />
          {path && <CopyButton label="Copy path" text={() => path} />}
        </div>
      )}
    </div>
  )
}
