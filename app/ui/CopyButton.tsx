import { useEffect, useState } from 'react'
import { Button } from './button'
import { Check, Copy } from './icons'

interface CopyButtonProps {
  label?: string
  /** What is copied; null where it can't be had. */
  text: () => Promise<string | null> | string
}

/** Puts a text into the clipboard, and says so for a moment. */
export function CopyButton({ label = 'Copy', text }: CopyButtonProps) {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => setDone(false), 2000)
    return () => clearTimeout(timer)
  }, [isDone])
  const copy = async () => {
    const whole = await text()
    if (whole === null) return
    setDone(await copied(whole))
  }
  const Icon = isDone ? Check : Copy
  return (
    <Button size="small" variant="quiet" onClick={() => void copy()}>
      <Icon aria-hidden />
      <span role="status">{isDone ? 'Copied' : label}</span>
    </Button>
  )
}

/** @returns whether the text is in the clipboard; a page without HTTPS has only the old way to it */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const button = document.activeElement
    const box = document.createElement('textarea')
    box.value = text
    // beside the button: a line of a tree has its buttons while the focus is within it
    ;(button?.parentElement ?? document.body).append(box)
    box.select()
    const isDone = document.execCommand('copy')
    if (button instanceof HTMLElement) button.focus()
    box.remove()
    return isDone
  }
}
