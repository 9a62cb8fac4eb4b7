import type { ReactNode } from 'react'
import type { FieldMeta } from './forms'
import { ChevronRight } from './icons'

interface FoldedFieldsProps {
  label: string
  fields: FieldMeta[]
  children: ReactNode
}

/** Fields that most people leave as they are; open where one of them was refused. */
export function FoldedFields({ label, fields, children }: FoldedFieldsProps) {
  const isRefused = fields.some(({ errors }) => errors)
  return (
    <details
      className="group rounded-md border border-line"
      open={isRefused || undefined}
      // the browser cannot point at a field that is folded away
      onInvalidCapture={(event) => {
        event.currentTarget.open = true
      }}
    >
      <summary className="flex items-center gap-1.5 rounded-md px-3 py-2 font-medium hover:bg-hover">
        <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
        {label}
      </summary>
      <div className="grid items-start gap-4 border-t border-line p-3 sm:grid-cols-2">{children}</div>
    </details>
  )
}
