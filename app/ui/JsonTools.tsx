import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Button } from './button'
import { CopyButton } from './CopyButton'
import { DownloadLink } from './DownloadLink'
import type { Excerpt } from './excerpt'
import { FallsBack } from './FallsBack'

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
        <FallsBack to={<Undrawn text={text} />}>
          <Suspense fallback={<p className="text-xs text-ink-2">Loading…</p>}>
            <JsonTree json={whole} text={text} />
          </Suspense>
        </FallsBack>
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

const Undrawn = ({ text }: { text: ReactNode }) => (
  <div className="flex flex-col gap-2">
    <p role="alert" className="text-xs text-danger">
      The tree could not be drawn: here it is as text.
    </p>
    <div>{text}</div>
  </div>
)

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
