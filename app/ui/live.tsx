import { useNavigation, useRevalidator } from '@remix-run/react'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type EventKind, eventKinds, type ListScope } from '~db/vocabulary'
import { useCalmly } from './calm'
import { LiveLine } from './LiveLine'
import { type LiveEntry, LiveSource, type LiveState, type Wish } from './live-source'
import { mayNotify } from './may-notify'
import { useSettings } from './settings'

interface Follower {
  wish: Pick<Wish, 'scope' | 'jobs'>
  rows(rows: LiveEntry[]): void
  stale(): void
}

interface Live {
  state: LiveState
  userId: string
  /** @returns what ends it */
  follow(follower: Follower): () => void
  /** Asks for the page's data to be read again. */
  readAgain(): void
}

const LiveContext = createContext<Live>({
  state: 'idle',
  userId: '',
  follow: () => () => undefined,
  readAgain: () => undefined,
})

interface LiveProviderProps {
  userId: string
  /** The row up to which the page is true, as it was read last. */
  head: number
  children: ReactNode
}

/** Lets the pages in it hear what happens to jobs while somebody looks at them. */
export function LiveProvider({ userId, head, children }: LiveProviderProps) {
  const [state, setState] = useState<LiveState>('idle')
  const followers = useRef(new Set<Follower>())
  const source = useRef<LiveSource | null>(null)
  const { notifications } = useSettings()
  const chosen = useRef(notifications)
  const read = useRef(head)
  /** Whether something came while nobody looked. */
  const missed = useRef(false)
  const meanwhile = useMeanwhile()
  const { revalidate, state: reading } = useRevalidator()
  const readAgain = useCalmly(revalidate, reading !== 'idle')

  const telling = useRef<ReturnType<typeof setTimeout>>()
  // one page leaves and the next one comes in the same moment: that is no time without a wish
  const tellWish = useCallback(() => {
    clearTimeout(telling.current)
    telling.current = setTimeout(() =>
      source.current?.wish(wishOf(followers.current, { notifications: chosen.current, head: read.current })),
    )
  }, [])

  // before the components of a page that was just read tell what they want
  useLayoutEffect(() => {
    read.current = head
  }, [head])
  useEffect(() => {
    const open = (from: number | null) => {
      source.current = new LiveSource(userId, from, {
        rows(rows) {
          meanwhile.keep(rows)
          if (isSeen()) for (const each of followers.current) each.rows(rows)
          else {
            missed.current = true
            // the title and the icon of a job's page are what is seen of it
            for (const each of followers.current) if (each.wish.jobs.length > 0) each.rows(rows)
          }
        },
        stale() {
          meanwhile.keep('stale')
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
    open(read.current)
    const looks = () => {
      tellWish()
      if (!isSeen() || !missed.current) return
      missed.current = false
      for (const each of followers.current) each.stale()
    }
    document.addEventListener('visibilitychange', looks)
    for (const event of ['focus', 'blur']) window.addEventListener(event, tellWish)
    window.addEventListener('pagehide', close)
    window.addEventListener('pageshow', comesBack)
    return () => {
      document.removeEventListener('visibilitychange', looks)
      for (const event of ['focus', 'blur']) window.removeEventListener(event, tellWish)
      window.removeEventListener('pagehide', close)
      window.removeEventListener('pageshow', comesBack)
      close()
    }
  }, [userId, tellWish, meanwhile])

  useEffect(() => {
    chosen.current = notifications
    tellWish()
  }, [notifications, tellWish])

  const follow = useCallback(
    (follower: Follower) => {
      followers.current.add(follower)
      // its page was read before these came, or while they did
      meanwhile.give(follower)
      tellWish()
      return () => {
        followers.current.delete(follower)
        tellWish()
      }
    },
    [tellWish, meanwhile],
  )
  const live = useMemo<Live>(() => ({ state, userId, follow, readAgain }), [state, userId, follow, readAgain])
  return (
    <LiveContext.Provider value={live}>
      {children}
      <LiveLine state={state} />
    </LiveContext.Provider>
  )
}

/**
 * What is heard while the next page is on its way: that page may have been read before it, and nobody there hears it yet.
 */
function useMeanwhile() {
  const isMoving = useNavigation().state !== 'idle'
  const heard = useRef<{ isMoving: boolean; rows: LiveEntry[]; isStale: boolean }>()
  heard.current ??= { isMoving, rows: [], isStale: false }
  // the components of the new page come in the same moment as the end of the way: what was heard is still there for them
  useEffect(() => {
    heard.current = { isMoving, rows: [], isStale: false }
  }, [isMoving])
  return useMemo(
    () => ({
      keep(rows: LiveEntry[] | 'stale') {
        const now = heard.current
        if (!now?.isMoving) return
        if (rows === 'stale') now.isStale = true
        else now.rows.push(...rows)
      },
      give({ rows, stale }: Follower) {
        const now = heard.current
        if (now?.isStale) stale()
        else if (now && now.rows.length > 0) rows(now.rows)
      },
    }),
    [],
  )
}

const isSeen = () => document.visibilityState === 'visible'

interface Reader extends Pick<Wish, 'head'> {
  notifications: string
}

function wishOf(followers: Set<Follower>, { notifications, head }: Reader): Wish | null {
  const wishes = isSeen() ? [...followers].map(({ wish }) => wish) : []
  // who wants to be told is told while looking elsewhere
  if (wishes.length === 0 && !(notifications !== 'off' && mayNotify())) return null
  return {
    scope: wishes.some(({ scope }) => scope === 'all') ? 'all' : 'own',
    jobs: wishes.flatMap(({ jobs }) => jobs),
    head,
    isSeen: isSeen() && document.hasFocus(),
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

/** Asks for the page's data to be read again, at most once in a while whoever asks. */
export const useReadAgain = (): (() => void) => useContext(LiveContext).readAgain

/** Reads the page's data again when something happens to the jobs that it is about. */
export function useLivePage({
  scope,
  job,
  everyMs = 0,
}: Pick<Interest, 'scope' | 'job'> & { everyMs?: number }): void {
  const again = useCalmly(useReadAgain(), false, everyMs)
  useLiveRows({
    ...{ scope, job },
    onRows: (rows) => rows.every(isSaid) || again(),
    onStale: again,
  })
}
