import { useLocation, useNavigate } from '@remix-run/react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '~/paths'
import { useSettings } from '../settings'
import { type Go, perform, toForm } from './do-keys'
import { isMac } from './hints'
import type { KeyDialog, Viewer } from './KeyDialog'
import { shortcutReader } from './read-keys'

type Which = 'palette' | 'sheet'

interface Keys {
  open: (which: Which) => void
  /** The palette or the sheet, where one is open. */
  dialog: ReactNode
}

/** Listens to the keyboard for as long as the page is there. What it opens is loaded when it is opened first. */
export function useKeys(viewer: Viewer): Keys {
  const { isAdmin } = viewer
  const { shortcuts: isOn } = useSettings()
  const [which, setWhich] = useState<Which | null>(null)
  const [Dialog, setDialog] = useState<typeof KeyDialog | null>(null)
  const go = useGo()

  const open = useCallback((asked: Which) => {
    setWhich(asked)
    import('./KeyDialog').then(
      (loaded) => setDialog(() => loaded.KeyDialog),
      // it is not to be had: the page that does the same needs none of it
      () => location.assign(paths.search()),
    )
  }, [])

  useEffect(() => {
    const read = shortcutReader()
    const follow = (event: KeyboardEvent) => {
      if (event.defaultPrevented || which || document.querySelector('dialog[open]')) return
      const shortcut = read(event, { isOn, isAdmin, isMac: isMac() })
      if (!shortcut) return
      const { does, to } = shortcut
      if (to) go(to)
      else if (does === 'palette' || does === 'sheet') open(does)
      else if (!perform(does, go)) {
        if (does !== 'search') return
        open('palette')
      }
      event.preventDefault()
    }
    window.addEventListener('keydown', follow)
    return () => window.removeEventListener('keydown', follow)
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
    if (asked.current) toForm(asked.current)
    asked.current = undefined
  }, [key])
  return useCallback(
    (to, does) => {
      asked.current = does
      navigate(to)
    },
    [navigate],
  )
}
