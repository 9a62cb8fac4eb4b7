import type { ReactNode } from 'react'

interface Titled {
  title: ReactNode
  /** A sentence below the title. */
  description?: ReactNode
  /** Buttons and links at the title's right. */
  actions?: ReactNode
}

/** What stands below the frame's header. `narrow` is for forms, `wide` for lists. */
export function Page({ width = 'wide', children }: { width?: 'narrow' | 'wide'; children: ReactNode }) {
  const most = width === 'narrow' ? 'max-w-2xl' : 'max-w-page'
  return (
    <div className={`mx-auto flex w-full flex-col gap-5 px-4 py-4 sm:px-6 sm:py-6 ${most}`}>{children}</div>
  )
}

/** The page's one h1. */
export function PageHeader({ title, description, actions, above }: Titled & { above?: ReactNode }) {
  return (
    <header className="flex flex-col gap-1">
      {above}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
          <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">
            <bdi>{title}</bdi>
          </h1>
          {description && <p className="max-w-prose text-pretty text-ink-2">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
      </div>
    </header>
  )
}

/** A bordered surface. */
export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return <div className={`min-w-0 rounded-lg border border-line bg-surface ${className}`}>{children}</div>
}

/** A part of a page under its own h2. `flush`: its content reaches the border (tables, lists). */
export function Section({
  title,
  description,
  actions,
  flush = false,
  id,
  children,
}: Titled & { flush?: boolean; id?: string; children: ReactNode }) {
  return (
    <section id={id} className="min-w-0 scroll-mt-4 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
        <div className="min-w-0">
          <h2 className="text-sm font-semibold">{title}</h2>
          {description && <p className="text-xs text-ink-2">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
      </div>
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}

/** Buttons at the end of a form. The one that submits comes first: Enter in a field presses it. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2 pt-1">{children}</div>
}

/** Terms and their values, as properties of a thing. Their column is as wide as the longest term needs. */
export function Properties({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[fit-content(50%)_minmax(0,1fr)] gap-x-4 gap-y-2.5">{children}</dl>
}

export function Property({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid">
      <dt className="text-ink-2 wrap-anywhere">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}
