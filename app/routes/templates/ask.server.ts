import type { SubmissionResult } from '@conform-to/react'
import { data } from '@remix-run/node'
import { newVariableValue } from '~/domain/templates/form'

/** The form as it was sent, with what it does not know of its variables yet. Nothing is saved. */
export function askForVariables(form: FormData, ask: string[], names: string[]) {
  const initialValue = Object.assign(Object.fromEntries(form), ...ask.map(newVariableValue)) as NonNullable<
    SubmissionResult['initialValue']
  >
  return data({ reply: { initialValue } satisfies SubmissionResult, ask, names })
}
