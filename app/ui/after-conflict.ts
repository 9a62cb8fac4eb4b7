import type { ShouldRevalidateFunctionArgs } from '@remix-run/react'

/** A form that was refused says what changed; then the page around it must show it too, and send the version of now. */
export const afterConflict = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate
