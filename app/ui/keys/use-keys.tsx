import { useLocation, useNavigate } from '@remix-run/react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '~/paths'
import { whenPageIsHere } from '../sending'
import { useSettings } from '../settings'
import type { Go } from './do-keys'
import { forget, held, hold } from './held'
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
let loading: Promise<void> | undefined
const load = () => {
  loading ??= import('./follow-keys.client').then(
    (module) => {
      loaded = module
      module.catchUp()
    },
    (error: unknown) => {
      // keys do what they do without it, and the next one tries again
      loading = undefined
      forget()
      throw error
    },
  )
  return loading
}

const nothing = () => {}

/** Listens to the keyboard for as long as the page is there. */
export function useKeys(viewer: Viewer): Keys {
  const { isAdmin } = viewer
  const { shortcuts: isOn } = useSettings()
  const [shown, setShown] = useState<Shown | null>(null)
  const [Dialog, setDialog] = useState<typeof KeyDialog | null>(null)
  const go = useGo()

  const open = useCallback((which: Which) => {
    held.isOpening = true
    setShown((before) => ({ which, nth: (before?.nth ?? 0) + 1 }))
    Promise.all([import('./KeyDialog.client'), load()]).then(
      ([module]) => setDialog(() => module.KeyDialog),
      // it is not to be had: the page that finds the same needs none of it
      () => location.assign(paths.search()),
    )
  }, [])

  useEffect(() => {
    let follow: ((event: KeyboardEvent) => void) | undefined
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      follow ??= loaded?.keyFollower({ isOn, isAdmin, go, open })
      if (follow) return follow(event)
      hold(event, isOn)
      load().catch(nothing)
    }
    window.addEventListener('keydown', hear)
    // who points somewhere goes on from there
    window.addEventListener('pointerdown', forget)
    return () => {
      window.removeEventListener('keydown', hear)
      window.removeEventListener('pointerdown', forget)
    }
  }, [isOn, isAdmin, go, open])

  // by now it is open and has the focus
  useEffect(() => {
    if (!shown || !Dialog) return
    held.isOpening = false
    loaded?.arrive()
  }, [shown, Dialog])

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
    if (does) loaded?.toForm(does)
  }, [key])
  return useCallback(
    (to, does) => {
      asked.current = does
      held.isLed = true
      navigate(to)
      whenPageIsHere(() => {
        held.isLed = false
      })
    },
    [navigate],
  )
}
