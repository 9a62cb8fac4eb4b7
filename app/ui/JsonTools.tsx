import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Button } from './button'
import { DownloadLink } from './DownloadLink'
import type { Excerpt } from './excerpt'
import { Check, Copy } from './icons'

const JsonTree = lazy(() => import('./JsonTree'))

interface JsonToolsProps {
  excerpt: Excerpt
  /** What is shown of it as text. */
  text: ReactNode
}

/** JSON as text or as a tree that is searched; copied, kept as a file. */
export default function JsonTools({ excerpt, text }: JsonToolsProps) {
  const [isTree, setTree] = useState(false)
  const { whole, problem, load } = useWhole(excerpt)
  const showTree = () => {
    setTree(true)
    void load()
  }
  return (
    <>
      {isTree && whole !== null ? (
        <Suspense fallback={<p className="text-xs text-ink-2">Loading…</p>}>
          <JsonTree json={whole} />
        </Suspense>
      ) : (
        <div>{text}</div>
      )}
      <div className="flex min-h-7 flex-wrap items-center gap-1 print:hidden">
        <Button {...choice} aria-pressed={!isTree} onClick={() => setTree(false)}>
          Text
        </Button>
        <Button {...choice} aria-pressed={isTree} onClick={showTree}>
          Tree
        </Button>
        <CopyButton text={load} />
        <DownloadLink whole={excerpt.whole} />
        {problem && (
          <span role="alert" className="text-xs text-danger">
            {problem}
          </span>
        )}
      </div>
    </>
  )
}

const choice = {
  ...({ size: 'small', variant: 'quiet' } as const),
  className: 'aria-pressed:bg-hover aria-pressed:text-ink',
}

/** All of a payload: what the page has of it, or what its address gives, asked for once. */
function useWhole(payload: Excerpt) {
  const [whole, setWhole] = useState<string | null>(payload.cut ? null : payload.json)
  const [problem, setProblem] = useState<string | null>(null)
  const load = async (): Promise<string | null> => {
    if (whole !== null) return whole
    try {
      const answer = await fetch(payload.whole)
      if (!answer.ok) throw new Error(String(answer.status))
      const text = await answer.text()
      setWhole(text)
      setProblem(null)
      return text
    } catch {
      setProblem('It could not be loaded. Try again.')
      return null
    }
  }
  return { whole, problem, load }
}

function CopyButton({ text }: { text: () => Promise<string | null> }) {
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
      <span role="status">{isDone ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}

/** @returns whether the text is in the clipboard; a page without HTTPS has only the old way to it */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = document.createElement('textarea')
    box.value = text
    document.body.append(box)
    box.select()
    const isDone = document.execCommand('copy')
    box.remove()
    return isDone
  }
}
