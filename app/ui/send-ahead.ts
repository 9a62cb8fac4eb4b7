import { decode } from 'turbo-stream'

/** How forms are sent. Without it the router sends them: so it is in the tests of components. */
let send: typeof window.fetch | undefined

/** What a form was answered, for the navigation that shows it. */
let answered: { address: string; answer: Response } | undefined

/** The browser's forms are sent by this from now on, and their answers go by `takeAnswer`. */
export function sendFormsBy(fetch: typeof window.fetch | undefined) {
  send = fetch
}

/** Hands an answer to the router, which asks for it at the address of the form. Each one is given once. */
export function takeAnswer({ pathname, search }: URL): Response | undefined {
  if (answered?.address !== pathname + search) return
  const { answer } = answered
  answered = undefined
  return answer
}

/** Single fetch's status for an answer that leads elsewhere. */
const leadsOn = 202

/** What became of a form: either what to tell beside what was typed, or an answer for the router to show. */
export type Sent = { trouble: string } | { trouble?: undefined; isLeading: boolean }

/**
 * Sends a form before its page is left. The router would do that after, and put an error page in the place of what was
 * typed where no answer comes, or the file of the page that should show it.
 *
 * @returns `isLeading` where the answer leads to a page, and so is not one that the form itself shows
 */
export async function sendAhead(action: string, form: FormData, encType: string): Promise<Sent> {
  if (!send) return { isLeading: true }
  const { pathname, search } = new URL(action, window.location.href)
  const address = `${pathname.replace(/\/$/, '')}.data${search}`
  const isMultipart = encType === 'multipart/form-data'
  const body = isMultipart ? form : new URLSearchParams([...form].map(([name, value]) => [name, `${value}`]))
  try {
    const answer = await send(address, { method: 'POST', body })
    // a proxy's answer, and that of whatever else stands between
    if (!answer.headers.has('X-Remix-Response')) return { trouble: unreached(form) }
    const refusal = answer.status >= 400 && (await refusalOf(answer.clone()))
    if (refusal) return { trouble: isTyped(form) ? `${refusal} What you typed is still here.` : refusal }
    answered = { address, answer }
    return { isLeading: answer.status === leadsOn }
  } catch {
    return { trouble: unreached(form) }
  }
}

/** What a form has of its own, and nobody has typed. */
const own = ['version', 'idempotencyKey', 'undo', 'intent', 'id']
const isTyped = (form: FormData) => [...form.keys()].some((name) => !own.includes(name))

function unreached(form: FormData): string {
  const again = isTyped(form) ? 'What you typed is still here: send it again.' : 'Try again.'
  const said = `Docket can’t be reached. ${again}`
  if (!navigator.onLine) return said
  // one of the two makes the server refuse what it has done already
  const isGuarded = form.has('version') || form.has('idempotencyKey')
  return `${said} It may have arrived all the same${isGuarded ? '; it is not done twice.' : ': look first.'}`
}

/** What no form shows by itself: an error page, or that something went wrong at the server. */
async function refusalOf(answer: Response): Promise<string | undefined> {
  const { value } = await decode(answer.body as ReadableStream<Uint8Array>, {
    plugins: [(type, data) => ({ value: type === 'ErrorResponse' ? data : {} })],
  })
  const { error, data } = value as {
    error?: { message?: string; reference?: string }
    data?: { reply?: { error?: Record<string, string[]> } }
  }
  if (error) {
    const { message = 'Docket did not take it.', reference } = error
    return reference ? `${message} Reference: ${reference}.` : message
  }
  if (answer.status >= 500) return Object.values(data?.reply?.error ?? {}).join(' ')
}
