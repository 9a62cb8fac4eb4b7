import type { SubmissionResult } from '@conform-to/react'
import { parseWithZod } from '@conform-to/zod/v4'
import { type ActionFunctionArgs, data } from '@remix-run/node'
import type { z } from 'zod'
import { passwordFields } from '~/domain/accounts/limits'
import { type Change, Conflict, Invalid } from '~/domain/errors'
import { change } from '~/domain/own-writes.server'
import { RequestRefused, readForm } from './body.server'
import { assertSameOrigin } from './origin.server'
import { contextFor, type PageContext, type Rule } from './page.server'
import { refusalOf, refusePage } from './respond.server'
import { readUpload, type UploadedFile } from './upload.server'

/** What a refused form gets back: Conform's result (values and errors), and the job where it is about one. */
export interface FormReply {
  reply: SubmissionResult
  /** 409: what stands in the way. */
  conflict?: { reason: string; jobId?: string; version?: number; changes: Change[] }
  /** 503: the key that the form keeps. */
  idempotencyKey?: string
}

interface FormOptions<R extends Rule> {
  /** Fields whose values never go back to the browser, besides the passwords. */
  hide?: string[]
  /** Whether it may upload a file: what reads it, while it comes, and gives it as the text of the field `file`. */
  upload?(context: PageContext<R>, file: UploadedFile): Promise<string>
}

type Act<R extends Rule, Schema extends z.ZodType, Done> = (
  context: PageContext<R> & { value: z.output<Schema>; form: FormData },
) => Promise<Done>

/**
 * A form's action: origin, body limit, who may call it, parsing, and every refusal in the form's own place:
 * 422 with the fields' messages and the values kept, 409 for a lost race, 429, 503. Success is a 303, or `data` where
 * something is shown this one time (a new token).
 */
export function formAction<R extends Rule, Schema extends z.ZodType, Done = Response>(
  rule: R,
  schema: Schema,
  act: Act<R, Schema, Done>,
  { hide = [], upload }: FormOptions<R> = {},
) {
  return async (args: ActionFunctionArgs) => {
    try {
      if (args.request.method !== 'POST') {
        throw new RequestRefused(405, 'A form is sent by POST.', { Allow: 'GET, HEAD, POST' })
      }
      assertSameOrigin(args.request)
      const context = await contextFor(rule, args)
      const { form, refused } = await formOf(
        args.request,
        upload && ((file) => change(context.desk, () => upload(context, file))),
      )
      if (refused) return refused
      const submission = parseWithZod(form, { schema })
      const hideFields = [...passwordFields, ...hide] as (keyof z.output<Schema> & string)[]
      if (submission.status !== 'success') {
        const status = submission.status === 'error' ? 422 : 200
        return data<FormReply>({ reply: submission.reply({ hideFields }) }, { status })
      }
      try {
        return await change(context.desk, () => act({ ...context, value: submission.value, form }))
      } catch (error) {
        if (error instanceof Response) throw error
        const { status, message, headers, reference } = refusalOf(error)
        if (status === 404) throw error
        const formErrors = [reference ? `${message} Reference: ${reference}.` : message]
        const reply =
          error instanceof Invalid
            ? submission.reply({ hideFields, fieldErrors: error.fields })
            : submission.reply({ hideFields, formErrors })
        const conflict =
          error instanceof Conflict
            ? { reason: error.reason, jobId: error.jobId, version: error.version, changes: error.changes }
            : undefined
        // pressed again, it must not make a second one
        const key = status === 503 ? form.get('idempotencyKey') : null
        const idempotencyKey = typeof key === 'string' ? key : undefined
        return data<FormReply>({ reply, conflict, idempotencyKey }, { status, headers })
      }
    } catch (error) {
      throw refusePage(error)
    }
  }
}

/** The form with the text of its file, or the answer to a file that can't be taken: the form with why, at the file's field. */
async function formOf(request: Request, take: ((file: UploadedFile) => Promise<string>) | undefined) {
  if (!take) return { form: await readForm(request) }
  const { form, taken, refusal } = await readUpload(request, take)
  if (refusal === undefined) {
    if (taken !== undefined) form.set('file', taken)
    return { form }
  }
  if (!(refusal instanceof Invalid)) throw refusal
  const initialValue = Object.fromEntries(form) as Record<string, string>
  const reply: SubmissionResult = { status: 'error', initialValue, error: refusal.fields }
  return { form, refused: data<FormReply>({ reply }, { status: 422 }) }
}
