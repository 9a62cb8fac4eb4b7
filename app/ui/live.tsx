import { useNavigation, useRevalidator } from '@remix-run/react'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type EventKind, eventKinds, type ListScope } from '~db/vocabulary'
import { WifiOff } from './icons'
import { type LiveEntry, LiveSource, type LiveState, type Wish } from './live-source'
import { useSettings } from './settings'

interface Follower {
  wish: Omit<Wish, 'isSeen'>
  rows(rows: LiveEntry[]): void
  stale(): void
}

interface Live {
  state: LiveState
  userId: string
  /** @returns what ends it */
  follow(follower: Follower): () => void
}

const LiveContext = createContext<Live>({ state: 'idle', userId: '', follow: () => () => undefined })

interface LiveProviderProps {
  userId: string
  /** The row up to which the page is true; null where the server does not know. */
  head: number | null
  children: ReactNode
}

/** Lets the pages in it hear what happens to jobs while somebody looks at them. */
export function LiveProvider({ userId, head, children }: LiveProviderProps) {
  const [state, setState] = useState<LiveState>('idle')
  const followers = useRef(new Set<Follower>())
  const source = useRef<LiveSource | null>(null)
  const { notifications } = useSettings()
  const chosen = useRef(notifications)
  const first = useRef(head)
  /** Whether something came while nobody looked. */
  const missed = useRef(false)

  const telling = useRef<ReturnType<typeof setTimeout>>()
  // one page leaves and the next one comes in the same moment: that is no time without a wish
  const tellWish = useCallback(() => {
    clearTimeout(telling.current)
    telling.current = setTimeout(() => source.current?.wish(wishOf(followers.current, chosen.current)))
  }, [])

  useEffect(() => {
    const open = (from: number | null) => {
      source.current = new LiveSource(userId, from, {
        rows(rows) {
          if (isSeen()) for (const each of followers.current) each.rows(rows)
          else missed.current = true
        },
        stale() {
          if (isSeen()) for (const each of followers.current) each.stale()
          else missed.current = true
        },
        async unseen(rows) {
          const { notifyOf } = await import('./notify')
          notifyOf(rows, userId, chosen.current)
        },
        state: setState,
      })
      tellWish()
    }
    const close = () => {
      source.current?.close()
      source.current = null
    }
    // a page that the browser keeps for "back" holds no stream; when it is shown again it starts anew
    const comesBack = ({ persisted }: PageTransitionEvent) => persisted && open(null)
    open(first.current)
    const looks = () => {
      tellWish()
      if (!isSeen() || !missed.current) return
      missed.current = false
      for (const each of followers.current) each.stale()
    }
    document.addEventListener('visibilitychange', looks)
    window.addEventListener('pagehide', close)
    window.addEventListener('pageshow', comesBack)
    return () => {
      document.removeEventListener('visibilitychange', looks)
      window.removeEventListener('pagehide', close)
      window.removeEventListener('pageshow', comesBack)
      close()
    }
  }, [userId, tellWish])

  useEffect(() => {
    chosen.current = notifications
    tellWish()
  }, [notifications, tellWish])

  const follow = useCallback(
    (follower: Follower) => {
      followers.current.add(follower)
      tellWish()
      return () => {
        followers.current.delete(follower)
        tellWish()
      }
    },
    [tellWish],
  )
  const live = useMemo<Live>(() => ({ state, userId, follow }), [state, userId, follow])
  return (
    <LiveContext.Provider value={live}>
      {children}
      <LostLine isLost={state === 'lost'} />
    </LiveContext.Provider>
  )
}

/** A stream that ends and begins anew is no news. */
const lostAfterMs = 2_500

/** Says that what is shown may be old, once that has lasted. */
function LostLine({ isLost }: { isLost: boolean }) {
  const [isSaid, setSaid] = useState(false)
  useEffect(() => {
    if (!isLost) return setSaid(false)
    const timer = setTimeout(() => setSaid(true), lostAfterMs)
    return () => clearTimeout(timer)
  }, [isLost])
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center print:hidden"
    >
      {isSaid && (
        <p className="flex items-center gap-2 rounded-full border border-line-strong bg-surface px-3 py-1.5 text-xs shadow-lg">
          <WifiOff aria-hidden className="size-3.5 text-warn" />
          No connection to Docket. It is tried again; nothing is lost.
        </p>
      )}
    </div>
  )
}

const isSeen = () => document.visibilityState === 'visible'

function wishOf(followers: Set<Follower>, notifications: string): Wish | null {
  const wishes = isSeen() ? [...followers].map(({ wish }) => wish) : []
  // who wants to be told is told while looking elsewhere
  if (wishes.length === 0 && notifications === 'off') return null
  return {
    scope: wishes.some(({ scope }) => scope === 'all') ? 'all' : 'own',
    jobs: wishes.flatMap(({ jobs }) => jobs),
    isSeen: isSeen(),
  }
}

/** Who is at the page, and whether it hears what happens. */
export const useLive = (): Pick<Live, 'userId' | 'state'> => useContext(LiveContext)

export const useLiveState = (): LiveState => useLive().state

const said = new Set<string>(eventKinds satisfies readonly EventKind[])

/** Whether a row is only what an agent says: it changes nothing of the job but its log. */
export const isSaid = ({ kind }: Pick<LiveEntry, 'kind'>): boolean => said.has(kind)

interface Interest {
  scope: ListScope
  /** One job alone, and all its lines. */
  job?: string
  /** Called with the rows that are meant, as they come. */
  onRows(rows: LiveEntry[]): void
  /** Called where something may have been missed. */
  onStale(): void
}

/** Hears of what happens to the jobs of a scope, or to one job, as long as the component is there. */
export function useLiveRows({ scope, job, onRows, onStale }: Interest) {
  const { follow, userId } = useContext(LiveContext)
  const now = useRef({ onRows, onStale })
  useEffect(() => {
    now.current = { onRows, onStale }
  })
  useEffect(() => {
    const isMeant = (row: LiveEntry) =>
      job !== undefined ? row.jobId === job : scope === 'all' || row.ownerId === userId
    return follow({
      wish: { scope, jobs: job === undefined ? [] : [job] },
      rows(rows) {
        const meant = rows.filter(isMeant)
        if (meant.length > 0) now.current.onRows(meant)
      },
      stale: () => now.current.onStale(),
    })
  }, [follow, userId, scope, job])
}

/** The least time between two readings of a page, in milliseconds. */
const calm = 250

/**
 * Reads something again, at once and then at most once in a while, never while the last reading is under way or a page
 * is being changed: what was asked for meanwhile is done after.
 *
 * @param isBusy whether it is being read
 * @returns asks for it to be read again
 */
export function useCalmly(read: () => void, isBusy: boolean, everyMs = calm): () => void {
  const navigation = useNavigation()
  const isHeld = isBusy || navigation.state !== 'idle'
  const [asked, setAsked] = useState(0)
  const done = useRef({ asked: 0, at: 0 })
  const now = useRef(read)
  useEffect(() => {
    now.current = read
  })
  useEffect(() => {
    if (isHeld || asked === done.current.asked) return
    const begin = () => {
      done.current = { asked, at: Date.now() }
      now.current()
    }
    const wait = done.current.at + everyMs - Date.now()
    if (wait <= 0) return begin()
    const timer = setTimeout(begin, wait)
    return () => clearTimeout(timer)
  }, [asked, isHeld, everyMs])
  return useCallback(() => setAsked((before) => before + 1), [])
}

/** Reads the page's data again when something happens to the jobs that it is about. */
export function useLivePage({
  scope,
  job,
  everyMs,
}: Pick<Interest, 'scope' | 'job'> & { everyMs?: number }): void {
  const { revalidate, state } = useRevalidator()
  const again = useCalmly(revalidate, state !== 'idle', everyMs)
  useLiveRows({
    ...{ scope, job },
    onRows: (rows) => rows.every(isSaid) || again(),
    onStale: again,
  })
}
