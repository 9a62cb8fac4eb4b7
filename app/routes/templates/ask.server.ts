import type { SubmissionResult } from '@conform-to/react'
import { data } from '@remix-run/node'
import { newVariableValue } from '~/domain/templates/form'

interface Asked {
  /** The variables that it does not know yet. */
  ask: string[]
  /** All of them. */
  names: string[]
  warning: string | null
}

/** The form as it was sent, with what it does not know of its variables yet. Nothing is saved. */
export function askForVariables(form: FormData, { ask, ...asked }: Asked) {
  const initialValue = Object.assign(Object.fromEntries(form), ...ask.map(newVariableValue)) as NonNullable<
    SubmissionResult['initialValue']
  >
  return data({ reply: { initialValue } satisfies SubmissionResult, ask, ...asked })
}
