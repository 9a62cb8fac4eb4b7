import { useLocation, useNavigate } from '@remix-run/react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '~/paths'
import { useSettings } from '../settings'
import type { Go } from './do-keys'
import { isMac } from './hints'
import type { KeyDialog } from './KeyDialog.client'
import type { Viewer } from './viewer'

type Which = 'palette' | 'sheet'

interface Shown {
  which: Which
  nth: number
}

interface Keys {
  open: (which: Which) => void
  /** The palette or the sheet, where one is open. */
  dialog: ReactNode
}

/** What keys mean is loaded with the first that is pressed, and what they open when it is opened first. */
let loaded: typeof import('./follow-keys.client') | undefined
let loading: Promise<typeof import('./follow-keys.client')> | undefined
/** One promise for all keys: a second import may be done before the first, and the keys would come in another order. */
const load = () => {
  loading ??= import('./follow-keys.client').then(
    (module) => {
      loaded = module
      return module
    },
    (error: unknown) => {
      // the next key tries again
      loading = undefined
      throw error
    },
  )
  return loading
}

/** What the browser would do something with before it is loaded. */
const isOurs = ({ key, ctrlKey, metaKey, target }: KeyboardEvent, isOn: boolean) =>
  (key === 'k' && (isMac() ? metaKey : ctrlKey)) ||
  (isOn && key === '/' && target instanceof HTMLElement && target.tabIndex < 0)

/** Where it can't be had, keys do what they do without it. */
const nothing = () => {}

/** Listens to the keyboard for as long as the page is there. */
export function useKeys(viewer: Viewer): Keys {
  const { isAdmin } = viewer
  const { shortcuts: isOn } = useSettings()
  const [shown, setShown] = useState<Shown | null>(null)
  const [Dialog, setDialog] = useState<typeof KeyDialog | null>(null)
  const go = useGo()

  const open = useCallback((which: Which) => {
    setShown((before) => ({ which, nth: (before?.nth ?? 0) + 1 }))
    import('./KeyDialog.client').then(
      (module) => setDialog(() => module.KeyDialog),
      // it is not to be had: the page that finds the same needs none of it
      () => location.assign(paths.search()),
    )
  }, [])

  const isComing = shown !== null && Dialog === null
  useEffect(() => {
    // while one is on its way, nothing else is done
    if (isComing) return
    let follow = loaded?.keyFollower({ isOn, isAdmin, go, open })
    let isOver = false
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      if (follow) return follow(event)
      if (isOurs(event, isOn)) event.preventDefault()
      load().then(({ keyFollower }) => {
        follow ??= keyFollower({ isOn, isAdmin, go, open })
        if (!isOver) follow(event)
      }, nothing)
    }
    window.addEventListener('keydown', hear)
    return () => {
      isOver = true
      window.removeEventListener('keydown', hear)
    }
  }, [isOn, isAdmin, isComing, go, open])

  // it says that it is closed a moment after it is: by then another one may be open
  const close = (nth: number) => setShown((now) => (now?.nth === nth ? null : now))
  const dialog = shown && Dialog && (
    <Dialog key={shown.nth} which={shown.which} {...{ viewer, isOn, go }} onClose={() => close(shown.nth)} />
  )
  return { open, dialog }
}

/** Goes to a page; to a verb's own, then to what it asks. */
function useGo(): Go {
  const navigate = useNavigate()
  const { key } = useLocation()
  const asked = useRef<string>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is another page
  useEffect(() => {
    const does = asked.current
    asked.current = undefined
    if (does) load().then(({ toForm }) => toForm(does), nothing)
  }, [key])
  return useCallback(
    (to, does) => {
      asked.current = does
      navigate(to)
    },
    [navigate],
  )
}
