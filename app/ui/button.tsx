import { Link, type LinkProps } from '@remix-run/react'
import type { ComponentProps } from 'react'

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet'
export type ButtonSize = 'small' | 'medium'

const base =
  'inline-flex max-w-full items-center justify-center gap-1.5 rounded-md border text-center font-medium no-underline transition-colors ' +
  'aria-disabled:opacity-60'

const variants: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent text-on-accent shadow-xs hover:bg-accent-hover',
  secondary: 'border-line-strong/50 bg-surface text-ink shadow-xs hover:border-line-strong hover:bg-hover',
  danger: 'border-transparent bg-danger text-on-danger shadow-xs hover:bg-danger-hover',
  quiet: 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
}

const sizes: Record<ButtonSize, string> = {
  small: 'min-h-7 px-2 text-xs [&_svg]:size-3.5',
  medium: 'min-h-8 px-3 py-1 text-sm [&_svg]:size-4',
}

export interface ButtonLook {
  variant?: ButtonVariant
  size?: ButtonSize
}

export const buttonClass = ({ variant = 'secondary', size = 'medium' }: ButtonLook = {}, more = '') =>
  `${base} ${variants[variant]} ${sizes[size]} ${more}`

/** A button that does not submit unless told to. */
export function Button({
  variant,
  size,
  className,
  type = 'button',
  ...props
}: ComponentProps<'button'> & ButtonLook) {
  return <button type={type} className={buttonClass({ variant, size }, className)} {...props} />
}

/** A link that looks like a button: for going somewhere, never for changing something. */
export function LinkButton({ variant, size, className, ...props }: LinkProps & ButtonLook) {
  return <Link className={buttonClass({ variant, size }, className)} {...props} />
}
