import {
  Form,
  type FormEncType,
  type FormProps,
  type useFetcher,
  useNavigation,
  useSubmit,
} from '@remix-run/react'
import { type ComponentProps, createContext, useContext, useEffect, useState } from 'react'
import { type ButtonLook, buttonClass } from './button'
import { LoaderCircle } from './icons'
import { tellLate } from './late-answer'
import { Notice } from './Notice'
import type { FormMeta, Reply } from './reply-form'
import { sendAhead } from './send-ahead'
import { departuresNow, handOn, tellSending } from './sending'

interface FormState {
  pending: boolean
  /** The name of the first field with an error: it takes the focus when the page is loaded. */
  firstInvalid: string | null
}

const FormContext = createContext<FormState>({ pending: false, firstInvalid: null })

export const useFormState = () => useContext(FormContext)

type PostFormProps = Omit<FormProps, 'method'> & {
  /** Conform's, where it has fields that can be refused. */
  form?: FormMeta
  /** Takes the answer where the page stays as it is. */
  fetcher?: Pick<Fetcher, 'state' | 'submit'>
}

type Fetcher = ReturnType<typeof useFetcher>

/**
 * A form that posts, with or without JavaScript. What could not be sent, or was not answered, stays where it is, with a
 * sentence on top.
 */
export function PostForm({ form, fetcher, onSubmit, children, ...props }: PostFormProps) {
  const navigation = useNavigation()
  const submit = useSubmit()
  const state = fetcher?.state ?? navigation.state
  const isIdle = state === 'idle'
  /** Ahead of the router first, which then has its answer: for the form itself, or one that leads to a page. */
  const [phase, setPhase] = useState<'ahead' | 'answered' | 'leading'>()
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    if (isIdle) setPhase((now) => (now === 'ahead' ? now : undefined))
  }, [isIdle])

  async function send(element: HTMLFormElement, submitter: HTMLButtonElement | null) {
    const body = new FormData(element)
    if (submitter?.name) body.append(submitter.name, submitter.value)
    const action = (submitter?.getAttribute('formaction') ?? element.getAttribute('action')) as string
    const encType = (props.encType ?? 'application/x-www-form-urlencoded') as FormEncType
    const departures = departuresNow()
    const of = document.title.replace(/ · Docket$/, '')
    setPhase('ahead')
    setTrouble(undefined)
    tellSending({ action, form: body })
    const sent = await sendAhead(action, body, encType)
    const give = () => {
      if (sent.trouble !== undefined) return
      sent.hand()
      const { preventScrollReset } = props
      handOn(() => (fetcher?.submit ?? submit)(body, { method: 'post', action, encType, preventScrollReset }))
    }
    const isLeft = departuresNow() !== departures
    if (isLeft || sent.trouble !== undefined) {
      setPhase(undefined)
      tellSending(null)
      // who went elsewhere meanwhile stays there
      return isLeft
        ? tellLate({ id: performance.now(), of, form: element, sent, show: give })
        : setTrouble(sent.trouble)
    }
    setPhase(sent.isLeading ? 'leading' : 'answered')
    give()
    // by then the router says it
    setTimeout(tellSending, 100, null)
  }

  // once its answer is shown it can be sent again, though the page around it is still being read
  const pending =
    phase === 'ahead' || (phase === 'leading' && !isIdle) || (phase === 'answered' && state === 'submitting')
  const firstInvalid = form ? (Object.keys(form.allErrors).find((name) => name !== '') ?? null) : null
  return (
    <Form
      method="post"
      id={form?.id}
      aria-describedby={form?.errors ? form.errorId : undefined}
      onSubmit={(event) => {
        form?.onSubmit?.(event)
        onSubmit?.(event)
        if (event.defaultPrevented) return
        event.preventDefault()
        if (!pending)
          void send(
            event.currentTarget,
            (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null,
          )
      }}
      {...props}
    >
      {trouble && (
        <Notice tone="danger" role="alert">
          <p>{trouble}</p>
        </Notice>
      )}
      <FormContext.Provider value={{ pending, firstInvalid }}>{children}</FormContext.Provider>
    </Form>
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

/**
 * The version that a form was made for. A conflict says what changed and in which version: the same form, sent again by
 * somebody who has read that, goes with the version of the conflict, whether or not the page has been read again.
 */
export function VersionInput({ version, reply }: { version: number; reply: Reply | undefined }) {
  return <input type="hidden" name="version" value={Math.max(version, reply?.conflict?.version ?? 0)} />
}
