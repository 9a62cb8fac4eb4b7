import { useLocation } from '@remix-run/react'
import { type ReactNode, useEffect, useState } from 'react'
import { paths } from '~/paths'
import { WifiOff } from './icons'
import type { LiveState } from './live-source'

/** A stream that ends and begins anew is no news. */
const lostAfterMs = 2_500

/** Says that what is shown may be old, once that has lasted, and why. */
export function LiveLine({ state }: { state: LiveState }) {
  const [isSaid, setSaid] = useState(false)
  const isWrong = state === 'lost' || state === 'signed-out'
  useEffect(() => {
    if (!isWrong) return setSaid(false)
    const timer = setTimeout(() => setSaid(true), lostAfterMs)
    return () => clearTimeout(timer)
  }, [isWrong])
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center print:hidden"
    >
      {isSaid && isWrong && (state === 'lost' ? <Lost /> : <SignedOut />)}
    </div>
  )
}

const Lost = () => <Line>Connection lost. Reconnecting…</Line>

function SignedOut() {
  const { pathname, search } = useLocation()
  return (
    <Line>
      <span>
        You are signed out.{' '}
        <a
          href={paths.login(pathname + search, 'ended')}
          className="pointer-events-auto text-accent underline"
        >
          Sign in
        </a>
      </span>
    </Line>
  )
}

const Line = ({ children }: { children: ReactNode }) => (
  <p className="mx-4 flex items-center gap-2 rounded-xl border border-line-strong bg-surface px-3 py-1.5 text-xs shadow-lg">
    <WifiOff aria-hidden className="size-3.5 shrink-0 text-warn" />
    {children}
  </p>
)
