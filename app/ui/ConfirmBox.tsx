import type { ReactNode } from 'react'
import { buttonClass } from './button'

interface ConfirmBoxProps {
  /** What is about to be done: `Make admin…` */
  label: ReactNode
  /** Its name for a screen reader, where the label alone does not say which. */
  name?: string
  /** Whether it is open when it is shown: its form came back with an error. */
  open?: boolean
  /** What it means, and the form that does it. */
  children: ReactNode
}

/** A second step without JavaScript: what can't be undone is behind a <details>. */
export function ConfirmBox({ label, name, open, children }: ConfirmBoxProps) {
  return (
    <details open={open} className="group min-w-0 open:basis-full">
      <summary
        aria-label={name}
        className={buttonClass({ size: 'small' }, 'cursor-pointer list-none group-open:mb-2')}
      >
        {label}
      </summary>
      <div className="flex flex-col items-start gap-2 rounded-md border border-line bg-hover p-3 text-ink-2">
        {children}
      </div>
    </details>
  )
}
