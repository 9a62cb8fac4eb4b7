import type { ReactNode } from 'react'
import { WordMark } from './WordMark'

interface AuthLayoutProps {
  title: string
  description?: ReactNode
  children?: ReactNode
  /** Below the card: the other way in. */
  below?: ReactNode
}

/** The narrow page of sign-in, sign-up and setup. */
export function AuthLayout({ title, description, children, below }: AuthLayoutProps) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh w-full max-w-md flex-col gap-5 px-4 py-10 sm:py-20">
      <WordMark />
      <div className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-5 sm:p-6">
        <div className="flex flex-col gap-1">
          <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
          {description && <div className="text-ink-2">{description}</div>}
        </div>
        {children}
      </div>
      {below && <div className="text-center text-ink-2 [&_a]:text-accent [&_a]:underline">{below}</div>}
    </main>
  )
}
