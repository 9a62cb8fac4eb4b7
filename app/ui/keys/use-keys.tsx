import { useLocation, useNavigate } from '@remix-run/react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '~/paths'
import { useSettings } from '../settings'
import type { Go } from './do-keys'
import { isMac } from './hints'
import type { KeyDialog } from './KeyDialog.client'
import type { Viewer } from './viewer'

type Which = 'palette' | 'sheet'

interface Keys {
  open: (which: Which) => void
  /** The palette or the sheet, where one is open. */
  dialog: ReactNode
}

/** What keys mean is loaded with the first that is pressed, and what they open when it is opened first. */
let loaded: typeof import('./follow-keys.client') | undefined
const load = async () => {
  loaded ??= await import('./follow-keys.client')
  return loaded
}

/** What the browser would do something with before it is loaded. */
const isOurs = ({ key, ctrlKey, metaKey, target }: KeyboardEvent) =>
  (key === 'k' && (isMac() ? metaKey : ctrlKey)) || (key === '/' && target === document.body)

/** Where it can't be had, keys do what they do without it. */
const nothing = () => {}

/** Listens to the keyboard for as long as the page is there. */
export function useKeys(viewer: Viewer): Keys {
  const { isAdmin } = viewer
  const { shortcuts: isOn } = useSettings()
  const [which, setWhich] = useState<Which | null>(null)
  const [Dialog, setDialog] = useState<typeof KeyDialog | null>(null)
  const go = useGo()

  const open = useCallback((asked: Which) => {
    setWhich(asked)
    import('./KeyDialog.client').then(
      (module) => setDialog(() => module.KeyDialog),
      // it is not to be had: the page that finds the same needs none of it
      () => location.assign(paths.search()),
    )
  }, [])

  useEffect(() => {
    // while a dialog is on its way, nothing else is done
    if (which) return
    let follow = loaded?.keyFollower({ isOn, isAdmin, go, open })
    let isOver = false
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      if (follow) return follow(event)
      if (isOurs(event)) event.preventDefault()
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
  }, [isOn, isAdmin, which, go, open])

  const dialog = which && Dialog && (
    <Dialog which={which} viewer={viewer} isOn={isOn} go={go} onClose={() => setWhich(null)} />
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
