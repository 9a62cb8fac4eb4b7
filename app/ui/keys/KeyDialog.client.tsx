import { type ReactNode, useEffect, useRef } from 'react'
import { CommandPalette } from './CommandPalette'
import type { Go } from './do-keys'
import { ShortcutSheet } from './ShortcutSheet'
import type { Viewer } from './viewer'

interface KeyDialogProps {
  which: 'palette' | 'sheet'
  viewer: Viewer
  /** Whether single keys do things. */
  isOn: boolean
  go: Go
  onClose: () => void
}

/** What is opened over the page by a key. It is not in the page's first JavaScript. */
export function KeyDialog({ which, viewer, isOn, go, onClose }: KeyDialogProps) {
  return which === 'palette' ? (
    <Modal label="Find jobs, agents and actions" onClose={onClose}>
      {(close) => <CommandPalette viewer={viewer} isOn={isOn} go={go} close={close} />}
    </Modal>
  ) : (
    <Modal label="Keyboard shortcuts" onClose={onClose}>
      {(close) => <ShortcutSheet isAdmin={viewer.isAdmin} isOn={isOn} close={close} />}
    </Modal>
  )
}

interface ModalProps {
  label: string
  onClose: () => void
  children: (close: () => void) => ReactNode
}

/** A native dialog, open from the start. Closed, it gives the focus back to what had it. */
function Modal({ label, onClose, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  const close = () => ref.current?.close()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does by the keyboard what a click beside the dialog does
    <dialog
      ref={ref}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) close()
      }}
      className="mx-auto mt-[10dvh] w-[min(38rem,calc(100vw-2rem))] overflow-hidden rounded-lg border border-line bg-surface p-0 text-ink shadow-lg backdrop:bg-black/40"
    >
      {children(close)}
    </dialog>
  )
}
