import type { SubmissionResult } from '@conform-to/dom'
import { useEffect, useState } from 'react'
import type { Change } from '~/domain/errors'

/** What an action answers to a form that it refuses. */
export interface Reply {
  /** Conform's: what was sent, and what is wrong with each field; `''` is the form as a whole. */
  reply: SubmissionResult
  conflict?: { reason: string; jobId?: string; changes: Change[] }
}

/** A form, and what is wrong with it. */
export interface FormMeta {
  id: string
  errorId: string
  /** Of the form as a whole. */
  errors: string[] | undefined
  /** By the name of the field; `''` is the form. */
  allErrors: Record<string, string[]>
}

/** One field of it: its ids in the page, what it begins with, and what is wrong with it. */
export interface FieldMeta {
  id: string
  name: string
  errorId: string
  descriptionId: string
  errors: string[] | undefined
  /** As a form sends it; undefined where it is empty. */
  initialValue: unknown
}

interface ReplyFormOptions<Schema> {
  /** Unique on the page. */
  id: string
  /** `useActionData<typeof action>()` */
  reply: Reply | undefined
  defaultValue?: { [name in keyof Schema]?: unknown }
}

/**
 * A form's state, made of the reply to it and nothing else: the server judges, the browser adds its native constraints.
 * A page that is the answer begins with what was sent. In a page that stays, fields keep what was typed by themselves,
 * and the first one that is refused takes the focus.
 */
export function useReplyForm<Schema extends { [name in keyof Schema]: unknown }>({
  id,
  reply,
  defaultValue = {},
}: ReplyFormOptions<Schema>): [FormMeta, { [name in keyof Schema]-?: FieldMeta }] {
  const [initial] = useState<Record<string, unknown>>(() => reply?.reply.initialValue ?? defaultValue)
  const [answered] = useState(reply)
  const allErrors = errorsOf(reply?.reply)

  useEffect(() => {
    // in a page that is the answer `autofocus` does this
    if (reply && reply !== answered) focusFirst(id, errorsOf(reply.reply))
  }, [id, reply, answered])

  const fieldOf = (name: string): FieldMeta => ({
    id: `${id}-${name}`,
    name,
    errorId: `${id}-${name}-error`,
    descriptionId: `${id}-${name}-description`,
    errors: allErrors[name],
    initialValue: sent(initial[name]),
  })
  const fields = new Proxy({}, { get: (_, name) => fieldOf(String(name)) })
  return [
    { id, errorId: `${id}-error`, errors: allErrors[''], allErrors },
    fields as { [name in keyof Schema]-?: FieldMeta },
  ]
}

const errorsOf = (result: SubmissionResult | undefined): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(result?.error ?? {}).filter((entry): entry is [string, string[]] =>
      Boolean(entry[1]?.length),
    ),
  )

/** A value as a form would send it. */
function sent(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'on' : undefined
  return typeof value === 'number' ? String(value) : (value ?? undefined)
}

function focusFirst(id: string, errors: Record<string, string[]>) {
  const form = document.getElementById(id)
  if (!(form instanceof HTMLFormElement)) return
  const named = [...form.elements].find((element) => {
    const name = element.getAttribute('name')
    return name && errors[name] && element.getAttribute('type') !== 'hidden'
  })
  if (named instanceof HTMLElement) named.focus()
}
