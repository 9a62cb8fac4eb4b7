import type { ReactNode } from 'react'
import { CircleAlert, CircleCheck, Info, TriangleAlert } from './icons'

export type Tone = 'info' | 'good' | 'warn' | 'danger'

const looks = {
  info: { Icon: Info, box: 'border-accent/30 bg-accent-soft', icon: 'text-accent' },
  good: { Icon: CircleCheck, box: 'border-good/30 bg-good-soft', icon: 'text-good' },
  warn: { Icon: TriangleAlert, box: 'border-warn/30 bg-warn-soft', icon: 'text-warn' },
  danger: { Icon: CircleAlert, box: 'border-danger/30 bg-danger-soft', icon: 'text-danger' },
} as const

interface NoticeProps {
  tone?: Tone
  title?: ReactNode
  children?: ReactNode
  /** `alert` is read at once (a refusal), `status` when there is a pause (a success). */
  role?: 'alert' | 'status'
  id?: string
}

/** A sentence that needs to be seen, with its icon at the first line, wherever that is. */
export function Notice({ tone = 'info', title, children, role, id }: NoticeProps) {
  const { Icon, box, icon } = looks[tone]
  return (
    <div id={id} role={role} className={`flex items-baseline gap-2.5 rounded-md border px-3 py-2.5 ${box}`}>
      <Icon aria-hidden className={`-mt-1 size-4 shrink-0 translate-y-[3px] ${icon}`} />
      <div className="flex min-w-0 flex-col gap-1 wrap-anywhere">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  )
}
