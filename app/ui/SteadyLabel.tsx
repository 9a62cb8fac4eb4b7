import type { ReactNode } from 'react'

interface SteadyLabelProps {
  text: string
  className?: string
  /** How the text is shown, where that is not as it is. */
  children?: ReactNode
}

/** A label that is bold where one is, and elsewhere keeps the room for that. */
export const SteadyLabel = ({ text, className = '', children = text }: SteadyLabelProps) => (
  <span className={`bold-room ${className}`} data-label={text}>
    {children}
  </span>
)
