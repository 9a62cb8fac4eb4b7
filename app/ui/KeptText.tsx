import type { ReactNode } from 'react'
import { Notice } from './Notice'

/** On a form that came too late: why, and that nothing of what was written is lost. */
export function KeptText({ children }: { children: ReactNode }) {
  return (
    <Notice tone="warn" role="status">
      <p>{children} What you wrote is kept here for copying.</p>
    </Notice>
  )
}
