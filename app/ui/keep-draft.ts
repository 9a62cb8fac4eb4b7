import { keptKeys } from './kept-drafts'

/** Loaded when somebody types, or where something was typed before. */

interface Draft {
  at: number
  /** What the form held when it was served: to one that holds something else it says nothing. */
  served: string
  fields: Record<string, string>
  /** The form's key: what may have been handed in already is not made twice. */
  key?: string
}

export interface DraftKeeper {
  /** Empties the form, and forgets what is kept of it. */
  forget(): void
  /** The form is gone, or another one. What is kept stays for the next page that has it. */
  leave(): void
}

interface Kept {
  form: HTMLFormElement
  /** Where this form's drafts are. */
  drafts: string
  served: string
  /** Whether the form is as it was served, and not as somebody typed it already. */
  isFresh: boolean
  /** Told when something came back, with the time at which it was typed. */
  restored(at: number): void
}

const keptMs = 14 * 24 * 3_600_000
/** A form's own, of this one time. */
const notKept = ['idempotencyKey', 'version']

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const controlsOf = (form: HTMLFormElement) =>
  ([...form.elements] as Control[]).filter(
    ({ tagName, name, type }) =>
      /^(INPUT|TEXTAREA|SELECT)$/.test(tagName) &&
      name !== '' &&
      !notKept.includes(name) &&
      type !== 'hidden' &&
      type !== 'password' &&
      type !== 'file',
  )

/** Keeps what is typed into a form, and puts back what was typed into the same one and is open on no other page. */
export async function keepDraft({ form, drafts, served, isFresh, restored }: Kept): Promise<DraftKeeper> {
  const { key, draft, release } = await ownDraft(drafts, served)
  // for who sends it
  form.dataset.draft = key
  const keep = () => write(key, draftOf(form, served))
  // who was faster than this has the form
  if (!isFresh || isChanged(form)) keep()
  else if (draft) {
    putBack(form, draft.fields)
    const own = keyOf(form)
    if (own && draft.key) own.value = draft.key
    restored(draft.at)
  }
  form.addEventListener('input', keep)
  return {
    forget: () => write(key, null),
    leave() {
      form.removeEventListener('input', keep)
      release()
    },
  }
}

/**
 * This tab's last draft, the newest that no other page is at, or the place for a new one. It is this page's until it is
 * released: pages that have the same form open do not write over each other.
 */
async function ownDraft(drafts: string, served: string) {
  const kept = keptKeys(drafts)
    .map((key) => ({ key, draft: read(key) }))
    .filter(({ key, draft }) => draft || write(key, null))
    .filter(({ draft }) => draft?.served === served)
    .sort((a, b) => (b.draft?.at ?? 0) - (a.draft?.at ?? 0))
  const last = lastOf(drafts)
  kept.sort((a, b) => Number(b.key === last) - Number(a.key === last))
  for (const { key, draft } of kept) {
    const release = await claim(key)
    if (release) {
      lastOf(drafts, key)
      return { key, draft, release }
    }
  }
  const key = drafts + Math.random().toString(36).slice(2)
  lastOf(drafts, key)
  return { key, draft: null, release: (await claim(key)) ?? (() => undefined) }
}

/** Which draft this tab was at, also before it was loaded anew. */
function lastOf(drafts: string, key?: string): string | null {
  try {
    if (key) sessionStorage.setItem(drafts, key)
    return sessionStorage.getItem(drafts)
  } catch {
    return null
  }
}

/** @returns what gives it back; null where another page has it */
function claim(key: string): Promise<(() => void) | null> {
  // without locks (plain HTTP) two pages may show the same draft, and the last one that types has it
  if (!('locks' in navigator)) return Promise.resolve(() => undefined)
  return new Promise((claimed) => {
    void navigator.locks.request(key, { ifAvailable: true }, (lock) => {
      if (lock) return new Promise<void>((release) => claimed(release))
      claimed(null)
    })
  })
}

const isText = (type: string) => type === 'text' || type === 'textarea'

const isChanged = (form: HTMLFormElement) =>
  controlsOf(form).some(
    (control) => isText(control.type) && 'defaultValue' in control && control.value !== control.defaultValue,
  )

function draftOf(form: HTMLFormElement, served: string): Draft | null {
  const isWritten = controlsOf(form).some(({ type, value }) => isText(type) && value.trim() !== '')
  if (!isWritten) return null
  const fields: Draft['fields'] = {}
  const secrets = [...form.querySelectorAll<HTMLInputElement>('input[type=password]')].map(({ name }) => name)
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && ![...notKept, ...secrets].includes(name)) fields[name] = value
  return { at: Date.now(), served, fields, key: keyOf(form)?.value }
}

const keyOf = (form: HTMLFormElement) => form.querySelector<HTMLInputElement>('input[name=idempotencyKey]')

function putBack(form: HTMLFormElement, fields: Draft['fields']) {
  for (const control of controlsOf(form)) {
    const kept = fields[control.name]
    const before = stateOf(control)
    // a box that is not ticked sends nothing, and so nothing of it is kept
    if (control.type === 'checkbox') (control as HTMLInputElement).checked = control.value === kept
    else if (kept === undefined) continue
    else if (control.type === 'radio') (control as HTMLInputElement).checked = control.value === kept
    else control.value = kept
    if (stateOf(control) === before) continue
    // what came back is not hidden in a fold
    const fold = control.closest('details')
    if (fold) fold.open = true
    control.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

const stateOf = (control: Control) =>
  control.type === 'checkbox' || control.type === 'radio'
    ? (control as HTMLInputElement).checked
    : control.value

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
    return draft && Date.now() - draft.at < keptMs ? draft : null
  } catch {
    return null
  }
}

function write(key: string, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // no room, or not allowed: then nothing is kept
  }
}
