import { Link } from '@remix-run/react'
import { paths } from '~/paths'
import { Button } from '../button'
import { X } from '../icons'
import { keysText } from './hints'
import { shortcuts } from './shortcuts'

interface ShortcutSheetProps {
  isAdmin: boolean
  isOn: boolean
  close: () => void
}

/** Every key and what it does. */
export function ShortcutSheet({ isAdmin, isOn, close }: ShortcutSheetProps) {
  const shown = shortcuts.filter(({ admin }) => isAdmin || !admin)
  const groups = [...new Set(shown.map(({ group }) => group))]
  return (
    <div className="flex max-h-[80dvh] flex-col">
      <div className="flex items-center justify-between border-b border-line px-4 py-2.5">
        <h2 className="font-semibold">Keyboard shortcuts</h2>
        <Button variant="quiet" size="small" aria-label="Close" onClick={close}>
          <X aria-hidden />
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div tabIndex={0} className="grid min-h-0 gap-x-8 gap-y-5 overflow-y-auto p-4 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1.5 text-xs font-medium text-ink-2">{group}</h3>
            <dl className="flex flex-col gap-1.5">
              {shown
                .filter((each) => each.group === group)
                .map(({ keys, words }) => (
                  <div key={keys} className="flex items-baseline justify-between gap-3">
                    <dt>{words}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {keysText(keys)
                        .split(' ')
                        .map((key) => (
                          <Key key={key}>{key}</Key>
                        ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="flex flex-col gap-1 border-t border-line px-4 py-2.5 text-xs text-ink-2">
        <p>
          Single keys do nothing while you type. None changes a job by itself: it takes you to what does, and
          Enter does it. To review one job after another: <Key>g</Key> <Key>r</Key>, a row, <Key>a</Key> or{' '}
          <Key>s</Key>, then <Key>n</Key>.
        </p>
        <p>
          {isOn ? 'Single keys can be turned off in your ' : 'Single keys are off. Turn them on in your '}
          <Link to={paths.settingsPreferences} onClick={close} className="text-accent underline">
            settings
          </Link>
          .
        </p>
      </div>
    </div>
  )
}

/** A key, as it looks. */
export function Key({ children }: { children: string }) {
  return (
    <kbd className="inline-flex [@media(any-hover:none)]:hidden h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-mono text-2xs text-ink-2">
      {children}
    </kbd>
  )
}
