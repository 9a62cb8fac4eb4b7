import type { FeedEntry } from '~/domain/jobs/feed'
import type { ListScope } from '~db/vocabulary'
import type { Excerpt } from './excerpt'

/** A log row as it happens, with as much of its payloads as a page shows. */
export type LiveEntry = FeedEntry<Excerpt>

/** What a page wants to hear of: what changes the jobs of a scope, and every row of these jobs. */
export interface Wish {
  scope: ListScope
  jobs: string[]
  /** The row up to which it is true, as it was read last. */
  head: number
  /** Whether somebody looks at the tab, and not at another window beside it. */
  isSeen: boolean
}

/**
 * - `live`: what happens is heard
 * - `lost`: the stream broke and is tried again; what was missed comes then
 * - `signed-out`: it is refused until somebody signs in
 * - `idle`: nobody looks
 */
export type LiveState = 'live' | 'lost' | 'signed-out' | 'idle'

export interface Listener {
  /** Rows in the order of `seq`; some may be for other pages of this browser. */
  rows(rows: LiveEntry[]): void
  /** The same, in one of the tabs, while nobody looks at any. */
  unseen(rows: LiveEntry[]): void
  /** Something may have been missed: read anew. */
  stale(): void
  state(state: LiveState): void
}

type Said =
  /** `last` is the row up to which the tab knows everything. */
  | { say: 'wish'; tab: string; wish: Wish | null; last: number | null }
  | { say: 'who' }
  | { say: 'rows'; rows: LiveEntry[] }
  /** The row after which the stream begins. */
  | { say: 'head'; seq: number }
  /** To the tabs named, or to all. */
  | { say: 'stale'; tabs?: string[] }
  | { say: 'state'; state: LiveState }

const everyones = '/admin/events'
/** So many jobs' lines a stream takes. */
const mostWatched = 20
/** A stream that was closed for longer starts anew, and its pages are read anew. */
const forgetAfterMs = 300_000
const patience = { first: 2_000, most: 30_000 }

/**
 * One event stream for all tabs of a browser: the tab that holds the lock has it open and tells the others. It is closed
 * while nobody looks. Where the browser has no locks (a page without HTTPS), each tab has its own.
 */
export class LiveSource {
  readonly #tab = Math.random().toString(36).slice(2)
  readonly #name: string
  readonly #listener: Listener
  readonly #channel: BroadcastChannel | null
  readonly #over = new AbortController()
  /** What each tab that looks wants; only the one that leads keeps them. */
  readonly #wishes = new Map<string, Wish>()
  #wish: Wish | null = null
  #leads = false
  #source: EventSource | null = null
  #address = ''
  /** The last row that was heard, or that was there when the first page was read. */
  #last: number | null
  /** When it was last sure that nothing was missed. */
  #sureAt = Date.now()
  #wait = patience.first
  #retry: ReturnType<typeof setTimeout> | undefined
  /** The tabs that are told so when the stream is open; null: all. */
  #stale: Set<string> | null = new Set()

  /**
   * @param userId tabs of different people share nothing
   * @param head the row up to which the page that was loaded is true; null for one that the browser has kept
   */
  constructor(userId: string, head: number | null, listener: Listener) {
    this.#name = `docket-live-${userId}`
    this.#listener = listener
    this.#last = head
    const isShared = 'locks' in navigator && 'BroadcastChannel' in window
    this.#channel = isShared ? new BroadcastChannel(this.#name) : null
    this.#channel?.addEventListener('message', ({ data }) => this.#hear(data as Said))
    if (isShared) void this.#lead()
    else this.#leads = true
  }

  /** What this tab wants from now on; null while nobody looks at it. */
  wish(wish: Wish | null) {
    this.#wish = wish
    this.#say({ say: 'wish', tab: this.#tab, wish, last: this.#last })
  }

  /** Closes the stream, or leaves it to another tab. */
  close() {
    this.wish(null)
    this.#over.abort()
    this.#shut()
    this.#channel?.close()
  }

  async #lead() {
    try {
      await navigator.locks.request(this.#name, { signal: this.#over.signal }, () => {
        this.#leads = true
        this.#wishes.clear()
        this.#say({ say: 'who' })
        this.#hear({ say: 'who' })
        return new Promise<void>((resolve) => this.#over.signal.addEventListener('abort', () => resolve()))
      })
    } catch {
      // it was closed before it was its turn
    }
  }

  /** To the other tabs, and to itself where it leads. */
  #say(said: Said) {
    if (this.#over.signal.aborted) return
    this.#channel?.postMessage(said)
    if (said.say === 'wish') this.#hear(said)
  }

  #hear(said: Said) {
    switch (said.say) {
      case 'wish':
        if (!this.#leads) return
        return this.#take(said)
      case 'who':
        return this.wish(this.#wish)
      case 'rows':
        this.#last = said.rows.at(-1)?.seq ?? this.#last
        this.#sureAt = Date.now()
        return this.#listener.rows(said.rows)
      case 'head':
        this.#last ??= said.seq
        return
      case 'stale':
        return !said.tabs || said.tabs.includes(this.#tab) ? this.#listener.stale() : undefined
      case 'state':
        return this.#listener.state(said.state)
    }
  }

  #take({ tab, wish, last }: Extract<Said, { say: 'wish' }>) {
    if (wish) this.#wishes.set(tab, wish)
    else this.#wishes.delete(tab)
    const heard = this.#last ?? 0
    const isMore =
      wish?.jobs.some((job) => !this.#address.includes(job)) ||
      (wish?.scope === 'all' && !this.#address.startsWith(everyones))
    // what it now wants was not on the stream when rows went by that its page does not show; or it could not hear yet
    const isMissed = (isMore && (wish?.head ?? 0) < heard) || last === null || last < heard
    if (wish && this.#source && isMissed) this.#stale?.add(tab)
    this.#follow()
    if (this.#source?.readyState !== EventSource.OPEN) return
    this.#say({ say: 'state', state: 'live' })
    this.#tellStale()
  }

  #tellStale() {
    if (this.#stale === null) this.#tell({ say: 'stale' })
    else if (this.#stale.size > 0) this.#tell({ say: 'stale', tabs: [...this.#stale] })
    this.#stale = new Set()
  }

  #tell(said: Extract<Said, { say: 'rows' | 'head' | 'stale' | 'state' }>) {
    this.#say(said)
    this.#hear(said)
  }

  /** Opens the stream that all wishes together need, where another one or none is open. */
  #follow() {
    const wishes = [...this.#wishes.values()]
    if (wishes.length === 0) {
      if (this.#source) this.#tell({ say: 'state', state: 'idle' })
      return this.#shut()
    }
    const jobs = [...new Set(wishes.flatMap((wish) => wish.jobs))].slice(-mostWatched).sort()
    const path = wishes.some(({ scope }) => scope === 'all') ? everyones : '/events'
    const address = `${path}?${new URLSearchParams(jobs.map((job) => ['job', job]))}`
    if (this.#source && address === this.#address) return
    this.#shut()
    this.#open(address)
  }

  #open(address: string) {
    if (Date.now() - this.#sureAt > forgetAfterMs) this.#last = null
    if (this.#last === null) this.#stale = null
    this.#address = address
    const after = this.#last === null ? '' : `&after=${this.#last}`
    const source = new EventSource(address + after)
    this.#source = source
    source.onopen = () => {
      this.#wait = patience.first
      this.#tell({ say: 'state', state: 'live' })
      this.#tellStale()
    }
    source.addEventListener('head', ({ data }) => this.#tell({ say: 'head', seq: Number(data) }))
    source.onmessage = ({ data }) => {
      const rows = [JSON.parse(data) as LiveEntry]
      this.#tell({ say: 'rows', rows })
      if (![...this.#wishes.values()].some(({ isSeen }) => isSeen)) this.#listener.unseen(rows)
    }
    source.onerror = async () => {
      // a broken connection the browser tries again by itself; an answer that was no stream it does not
      if (source.readyState !== EventSource.CLOSED) return this.#tell({ say: 'state', state: 'lost' })
      this.#shut()
      this.#retry = setTimeout(() => this.#follow(), this.#wait)
      this.#wait = Math.min(this.#wait * 2, patience.most)
      this.#tell({ say: 'state', state: (await isRefused(address)) ? 'signed-out' : 'lost' })
    }
  }

  #shut() {
    clearTimeout(this.#retry)
    if (!this.#source) return
    this.#source.close()
    this.#source = null
    this.#sureAt = Date.now()
  }
}

/** Whether an address is refused to who asks now. An event stream does not tell its status. */
async function isRefused(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: 'HEAD' })).status === 401
  } catch {
    return false
  }
}
