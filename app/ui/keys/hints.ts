import { useSyncExternalStore } from 'react'
import { useSettings } from '../settings'
import { shortcuts } from './shortcuts'

const never = () => () => {}
/** Whether there is likely a keyboard: on a phone keys are not spoken of. */
const hasKeys = () => typeof matchMedia === 'function' && matchMedia('(any-hover: hover)').matches
export const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform)

/** Whether the page runs its JavaScript, for somebody with a keyboard. */
export const useHasKeys = () => useSyncExternalStore(never, hasKeys, () => false)

/** `g j`, `Ctrl K`, `Esc` */
export const keysText = (keys: string) =>
  keys.replace('Mod+k', isMac() ? '⌘ K' : 'Ctrl K').replace('Escape', 'Esc')

interface Hint {
  'data-does'?: string
  title?: string
  'aria-keyshortcuts'?: string
}

/**
 * @returns what makes an element the one that a shortcut is about, and its tooltip where there are keys; a link is
 * asked for by where it leads
 */
export function useHints(): (does: string) => Hint {
  const { shortcuts: isOn } = useSettings()
  const isLive = useHasKeys()
  return (does) => {
    const shortcut = shortcuts.find((each) => each.does === does || each.to === does)
    const meant = does.startsWith('/') ? {} : { 'data-does': does }
    if (!isLive || !shortcut || !(isOn || shortcut.always)) return meant
    return {
      ...meant,
      title: `${shortcut.words} (${keysText(shortcut.keys)})`,
      'aria-keyshortcuts': shortcut.keys.replace('Mod+k', isMac() ? 'Meta+K' : 'Control+K'),
    }
  }
}
