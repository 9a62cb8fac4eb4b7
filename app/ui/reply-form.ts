import { type DefaultValue, type SubmissionResult, useForm } from '@conform-to/react'
import type { FormEvent } from 'react'
import type { Change } from '~/domain/errors'

/** What an action answers to a form that it refuses. */
export interface Reply {
  reply: SubmissionResult
  conflict?: { reason: string; jobId?: string; version?: number; changes: Change[] }
  /** The key of a form that may have been saved: it is sent again with it. */
  idempotencyKey?: string
}

/** As much of Conform's form metadata as we use. */
export interface FormMeta {
  id: string
  errorId: string
  errors: string[] | undefined
  allErrors: Record<string, string[]>
  onSubmit?: (event: FormEvent<HTMLFormElement>) => void
}

/** As much of Conform's field metadata as we use. */
export interface FieldMeta {
  id: string
  name: string
  errorId: string
  descriptionId: string
  errors: string[] | undefined
  initialValue: unknown
}

interface ReplyFormOptions<Schema extends Record<string, unknown>> {
  /** Unique on the page. */
  id: string
  /** `useAnswer<typeof action>()` */
  reply: Reply | undefined
  defaultValue?: DefaultValue<Schema>
}

/** Conform's form and fields. The server judges; the browser adds its native constraints. */
export function useReplyForm<Schema extends Record<string, unknown>>({
  id,
  reply,
  defaultValue,
}: ReplyFormOptions<Schema>) {
  return useForm<Schema>({ id, lastResult: reply?.reply, defaultValue, shouldValidate: 'onSubmit' })
}
