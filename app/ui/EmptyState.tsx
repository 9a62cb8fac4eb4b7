import type { ReactNode } from 'react'
import type { Icon } from './icon'

interface EmptyStateProps {
  Icon?: Icon
  title: string
  children?: ReactNode
  /** What to do about it. */
  actions?: ReactNode
  below?: ReactNode
}

/** Where a list has nothing to show: why, and what to do. */
export function EmptyState({ Icon, title, children, actions, below }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      {Icon && <Icon aria-hidden className="size-6 text-ink-3" />}
      <h2 className="font-semibold">{title}</h2>
      {children && <div className="flex max-w-prose flex-col gap-2 text-ink-2">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
      {below && <div className="mt-4 w-full max-w-sm">{below}</div>}
    </div>
  )
}
