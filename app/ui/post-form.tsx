import { Form, type FormProps, useNavigation } from '@remix-run/react'
import { type ComponentProps, createContext, useContext, useEffect, useState } from 'react'
import { type ButtonLook, buttonClass } from './button'
import { LoaderCircle } from './icons'
import { Notice } from './Notice'
import { Name } from './name'
import type { FormMeta, Reply } from './reply-form'
import { Time } from './time'

interface FormState {
  pending: boolean
  /** The name of the first field with an error: it takes the focus when the page is loaded. */
  firstInvalid: string | null
}

const FormContext = createContext<FormState>({ pending: false, firstInvalid: null })

export const useFormState = () => useContext(FormContext)

type PostFormProps = Omit<FormProps, 'method'> & { form?: FormMeta }

/** A form that posts, with or without JavaScript. `form` is Conform's, where it has fields that can be refused. */
export function PostForm({ form, onSubmit, children, ...props }: PostFormProps) {
  const navigation = useNavigation()
  const [sent, setSent] = useState(false)
  const idle = navigation.state === 'idle'
  useEffect(() => {
    if (idle) setSent(false)
  }, [idle])

  const firstInvalid = form ? (Object.keys(form.allErrors).find((name) => name !== '') ?? null) : null
  return (
    <Form
      method="post"
      id={form?.id}
      aria-describedby={form?.errors ? form.errorId : undefined}
      onSubmit={(event) => {
        form?.onSubmit?.(event)
        onSubmit?.(event)
        if (!event.defaultPrevented) setSent(true)
      }}
      {...props}
    >
      <FormContext.Provider value={{ pending: sent && !idle, firstInvalid }}>{children}</FormContext.Provider>
    </Form>
  )
}

/** What is wrong with the form as a whole and, where others were faster, what they did. */
export function FormErrors({ form, reply }: { form: FormMeta; reply?: Reply }) {
  if (!form.errors?.length) return null
  const changes = reply?.conflict?.changes ?? []
  return (
    <Notice tone="danger" role="alert" id={form.errorId}>
      {form.errors.map((message) => (
        <p key={message}>{message}</p>
      ))}
      {changes.length > 0 && (
        <>
          <p>What happened in between:</p>
          <ul className="list-disc pl-4">
            {changes.map(({ version, what, who, at }) => (
              <li key={version}>
                {what}{' '}
                <span className="text-ink-2">
                  <Name>{who ?? 'Docket'}</Name>, <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}

type SubmitButtonProps = ComponentProps<'button'> & ButtonLook & { pendingLabel?: string }

/** Submits its PostForm; says so while it is on its way, and then does not send it twice. */
export function SubmitButton({
  variant = 'primary',
  size,
  className,
  pendingLabel,
  children,
  ...props
}: SubmitButtonProps) {
  const { pending } = useFormState()
  return (
    <button
      type="submit"
      className={buttonClass({ variant, size }, className)}
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault()
      }}
      {...props}
    >
      {pending && <LoaderCircle aria-hidden className="animate-spin" />}
      {pending && pendingLabel ? pendingLabel : children}
    </button>
  )
}
