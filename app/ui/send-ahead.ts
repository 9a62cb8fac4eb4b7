import { decode } from 'turbo-stream'

/** How forms are sent. Without it the router sends them: so it is in the tests of components. */
let send: typeof window.fetch | undefined

/** What forms were answered, by the address that the router will ask. */
const answers = new Map<string, Response>()

/** The browser's forms are sent by this from now on, and their answers go by `takeAnswer`. */
export function sendFormsBy(fetch: typeof window.fetch | undefined) {
  send = fetch
}

/** Hands an answer to the router, which asks for it at the address of the form. Each one is given once. */
export function takeAnswer({ pathname, search }: URL): Response | undefined {
  const address = pathname + search
  const answer = answers.get(address)
  answers.delete(address)
  return answer
}

/** Single fetch's status for an answer that leads elsewhere. */
const leadsOn = 202

/** What single fetch says in an answer: where it leads, what a page is to show, or what went wrong. */
export interface Told {
  redirect?: string
  data?: { reply?: { error?: Record<string, string[] | null> } }
  error?: { message?: string; reference?: string }
}

export interface Answered {
  trouble?: undefined
  /** Whether it leads to a page, and so is not one that the form itself shows. */
  isLeading: boolean
  /** Has it ready for the router, which is to ask for it next. */
  hand(): void
  /** What it says, where the router is not to have it. */
  read(): Promise<Told>
}

/** What became of a form: either what to tell beside what was typed, or an answer for the router to show. */
export type Sent = { trouble: string } | Answered

/**
 * Sends a form before its page is left. The router would do that after, and put an error page in the place of what was
 * typed where no answer comes, or the file of the page that should show it.
 */
export async function sendAhead(action: string, form: FormData, encType: string): Promise<Sent> {
  if (!send) return { isLeading: true, hand() {}, read: async () => ({}) }
  const { pathname, search } = new URL(action, window.location.href)
  const address = `${pathname.replace(/\/$/, '')}.data${search}`
  const isMultipart = encType === 'multipart/form-data'
  const body = isMultipart ? form : new URLSearchParams([...form].map(([name, value]) => [name, `${value}`]))
  try {
    const answer = await send(address, { method: 'POST', body })
    // a proxy's answer, and that of whatever else stands between
    if (!answer.headers.has('X-Remix-Response')) return { trouble: unreached(form) }
    const refusal = answer.status >= 400 && refusalOf(answer.status, await told(answer))
    if (refusal) return { trouble: isTyped(form) ? `${refusal} What you typed is still here.` : refusal }
    return {
      isLeading: answer.status === leadsOn,
      hand: () => answers.set(address, answer),
      read: () => told(answer),
    }
  } catch {
    return { trouble: unreached(form) }
  }
}

/** What a form has of its own, and nobody has typed. */
const own = ['version', 'idempotencyKey', 'intent', 'id']
const isTyped = (form: FormData) => [...form.keys()].some((name) => !own.includes(name))

function unreached(form: FormData): string {
  const again = isTyped(form) ? 'What you typed is still here: send it again.' : 'Try again.'
  const said = `Docket can’t be reached. ${again}`
  if (!navigator.onLine) return said
  // one of the two makes the server refuse what it has done already
  const isGuarded = form.has('version') || form.has('idempotencyKey')
  return `${said} It may have arrived all the same${isGuarded ? '; it is not done twice.' : ': look first.'}`
}

async function told(answer: Response): Promise<Told> {
  const { value } = await decode(answer.clone().body as ReadableStream<Uint8Array>, {
    plugins: [(type, data) => ({ value: type === 'ErrorResponse' ? data : {} })],
  })
  return value as Told
}

/** What stands in the way, in sentences; empty where nothing does. */
export const refusalsIn = ({ data }: Told): string =>
  Object.values(data?.reply?.error ?? {})
    .flat()
    .filter(Boolean)
    .join(' ')

/** What no form shows by itself: an error page, or that something went wrong at the server. */
function refusalOf(status: number, said: Told): string | undefined {
  if (said.error) {
    const { message = 'Docket did not take it.', reference } = said.error
    return reference ? `${message} Reference: ${reference}.` : message
  }
  if (status >= 500) return refusalsIn(said)
}
